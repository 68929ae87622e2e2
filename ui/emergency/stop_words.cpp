// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/emergency/stop_words.h"

#include <QCoreApplication>

namespace sluice::ui {

namespace {

struct StopWords {
    Q_DECLARE_TR_FUNCTIONS(StopWords)
};

} // namespace

QString firedBy(const engine::StopView& stop)
{
    return stop.by.empty() ? StopWords::tr("somebody whose login is not known") : text(stop.by.value);
}

QString stopSentence(const engine::Snapshot& snapshot, const TargetId& target, const Formats& formats)
{
    const engine::TargetView* view = snapshot.target(target);
    if (view == nullptr || !view->stop) return {};
    const engine::StopView& stop = *view->stop;
    // The reason is asked after the fact: that there is none yet is no news.
    const QString who =
        stop.reason.empty() ? firedBy(stop) : StopWords::tr("%1: %2").arg(firedBy(stop), text(stop.reason));
    return StopWords::tr("◆ An emergency stop is in force on %1 since %2 (%3), fired by %4. Nothing starts there "
                         "until a person clears it with a reason.")
        .arg(text(view->service), timeText(stop.since, formats), agoText(snapshot.now.wall - stop.since, formats), who);
}

} // namespace sluice::ui
