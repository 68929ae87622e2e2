// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/status_strip.h"

#include <QLabel>

#include "ui/widgets/flow_layout.h"

namespace sluice::ui {

StatusStrip::StatusStrip(QWidget* parent)
    : QFrame(parent)
    , m_row(new FlowLayout(this, 22, 2))
{
    setObjectName(QStringLiteral("status"));
    setAccessibleName(tr("Sources and engine"));
    setLook(this, "strip");
    m_row->setContentsMargins(14, 6, 14, 5);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void StatusStrip::present(const StatusStripData& strip)
{
    // Sources come and go with the connections file: build the row anew only when their number changes.
    if (m_sources.size() != strip.sources.size() || m_engine.size() != strip.engine.size()) {
        for (QLabel* label : m_sources + m_engine)
            delete label;
        m_sources.clear();
        m_engine.clear();
    }
    showParts(strip.sources, m_sources, false);
    showParts(strip.engine, m_engine, true);
}

void StatusStrip::showParts(const QList<StatusStripData::Part>& parts, QList<QLabel*>& labels, bool trailing)
{
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const StatusStripData::Part& part = parts.at(i);
        if (i >= labels.size()) {
            labels.append(makeLabel(this, part.mono ? "mono" : "small"));
            trailing ? m_row->addTrailing(labels.last()) : m_row->addWidget(labels.last());
            labels.last()->show();
        }
        showText(labels.at(i), part.text);
        setTone(labels.at(i), part.tone);
        if (labels.at(i)->toolTip() != part.detail) labels.at(i)->setToolTip(part.detail);
    }
}

} // namespace sluice::ui
