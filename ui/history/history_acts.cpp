// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QStackedWidget>

#include "core/engine/snapshot.h"
#include "ui/actions/action_catalog.h"
#include "ui/bridge/engine_bridge.h"
#include "ui/history/evidence_export.h"
#include "ui/history/history_detail.h"
#include "ui/history/history_list.h"
#include "ui/history/history_page.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"

// What the History page asks of the journal, and what it does with the answers.

namespace sluice::ui {

namespace {

constexpr size_t kSummaries = 20; ///< read at once

} // namespace

void HistoryPage::addActions()
{
    const auto add = [this](const char* id, const QString& text, const QKeySequence& key, void (HistoryPage::*act)()) {
        context().actions.add(
            {.id = QLatin1String(id), .text = text, .group = tr("History"), .keys = {key}, .page = this->id()},
            [this, act] { (this->*act)(); });
    };
    const auto find = [this] {
        emit pageAsked(id());
        setOpened(false);
        m_line->setFocus(Qt::ShortcutFocusReason);
        m_line->selectAll();
    };
    context().actions.add({.id = QStringLiteral("history.find"),
                           .text = tr("Find a rollout in History"),
                           .group = tr("Everywhere"),
                           .keys = {}},
                          find);
    context().actions.add({.id = QStringLiteral("history.filter"),
                           .text = tr("Filter the rollouts"),
                           .group = tr("History"),
                           .keys = {QKeySequence(Qt::Key_Slash), QKeySequence(Qt::Key_F)},
                           .page = id()},
                          find);
    const auto addOpening = [this](const char* id, const QString& text, const QKeySequence& key, bool opened) {
        context().actions.add(
            {.id = QLatin1String(id), .text = text, .group = tr("History"), .keys = {key}, .page = this->id()},
            [this, opened] { setOpened(opened); });
    };
    addOpening("history.open", tr("Open rollout"), QKeySequence(Qt::Key_O), true);
    addOpening("history.back", tr("Back to the list"), QKeySequence(Qt::Key_Backspace), false);
    context().actions.add({.id = QStringLiteral("history.all"),
                           .text = tr("Show or hide credited time in the timeline"),
                           .shortText = tr("All"),
                           .group = tr("History"),
                           .keys = {QKeySequence(Qt::Key_K)},
                           .page = id()},
                          [this] { m_detail->toggleAll(); });
    add("history.verify", tr("Verify audit chain"), QKeySequence(Qt::Key_V), &HistoryPage::verify);
    add("history.export", tr("Export evidence…"), QKeySequence(Qt::CTRL | Qt::Key_E), &HistoryPage::askExport);
    context().actions.add({.id = QStringLiteral("history.more"),
                           .text = tr("Show older rollouts"),
                           .group = tr("History"),
                           .keys = {QKeySequence(Qt::Key_N)},
                           .page = this->id()},
                          [this] { readList(true); });
}

void HistoryPage::filterChanged()
{
    const auto snapshot = context().bridge.latest();
    if (readFilter(*snapshot)) readList(false);
}

/// A line that is not understood (yet) leaves the filter that the list was made with.
bool HistoryPage::readFilter(const engine::Snapshot& snapshot)
{
    const HistoryFilter filter = HistoryFilter::read(m_line->text(), snapshot.now.wall, formats());
    const auto& problem = filter.problem();
    showText(m_problem, problem ? tr("◆ %1").arg(problem->words) : QString());
    m_problem->setVisible(problem.has_value());
    if (problem) return false;
    m_filter = filter;
    return true;
}

void HistoryPage::readList(bool more)
{
    const uint64_t question = ++m_question;
    const auto snapshot = context().bridge.latest();
    context().bridge.ask(
        this,
        [filter = m_filter, names = targetNames(*snapshot), after = more ? m_after : std::nullopt](
            const engine::Engine& engine) { return readRows(engine, filter, names, after); },
        [this, question, more](const HistoryRead& read) {
            if (question == m_question) showList(read, more);
        });
}

void HistoryPage::showList(const HistoryRead& read, bool more)
{
    if (read.error) return say(tr("◆ The journal could not be read: %1").arg(text(read.error->detail)), Tone::Critical);
    if (!more) m_rows.clear();
    m_rows.insert(m_rows.end(), read.rows.begin(), read.rows.end());
    m_after = read.last;
    showRows();
    readSummaries();
}

HistoryRow HistoryPage::rowOf(const ports::RolloutRow& row, const TargetNames& names,
                              const engine::Snapshot& snapshot) const
{
    HistoryRow out = historyRow(row, names, snapshot, formats());
    const auto summary = m_summaries.find(row.id);
    if (!out.live && summary != m_summaries.end()) showSummary(out, summary->second, formats());
    return out;
}

/// Why they ended stands in their decisions; the list does not wait for that. One portion at a time: the list may be
/// read again before its answer is there, and a rollout that is chosen meanwhile must not wait behind all of them.
void HistoryPage::readSummaries()
{
    if (m_summing) return;
    std::vector<RolloutId> ids;
    for (const ports::RolloutRow& row : m_rows)
        if (ids.size() < kSummaries && !row.outcome.empty() && !m_summaries.contains(row.id)) ids.push_back(row.id);
    if (ids.empty()) return;
    m_summing = true;
    context().bridge.ask(
        this, [ids](const engine::Engine& engine) { return engine.rolloutSummaries(ids); },
        [this, ids](const Result<std::vector<engine::RolloutSummary>>& read) {
            m_summing = false;
            if (!read.ok()) return; // The list said what is wrong with the journal; its next reading asks again.
            for (size_t i = 0; i < ids.size(); ++i)
                m_summaries[ids[i]] = i < read.value().size() ? read.value()[i] : engine::RolloutSummary{};
            showRows();
            readSummaries();
        });
}

void HistoryPage::showRows()
{
    const auto snapshot = context().bridge.latest();
    const TargetNames names = targetNames(*snapshot);
    QList<HistoryRow> rows;
    for (const ports::RolloutRow& row : m_rows)
        rows.append(rowOf(row, names, *snapshot));
    m_list->present(rows);
    showText(m_count, countWords(m_rows, m_after.has_value()));
    if (m_rows.empty())
        showEmpty();
    else
        m_listStack->setCurrentIndex(0);
    if (!m_opened) choose(m_list->current());
    updateActions();
}

void HistoryPage::showEmpty()
{
    const bool filtered = !m_filter.empty() || !m_line->text().trimmed().isEmpty();
    if (filtered && m_after)
        m_empty->present(tr("None among the newest %1 rollouts").arg(kRowsLookedAt),
                         tr("“Show older rollouts” looks further back. Or let the filter say less."),
                         tr("Clear the filter"));
    else if (filtered)
        m_empty->present(tr("No rollout matches this filter"),
                         tr("Every rollout in the journal was looked at. Let the filter say less, or look further back "
                            "with since:."),
                         tr("Clear the filter"));
    else
        m_empty->present(tr("The journal holds no rollout yet"),
                         tr("Every rollout that is started, here or on the command line, stays here for ever with its "
                            "decisions and the numbers they were taken on."),
                         tr("Open Fleet"));
    m_listStack->setCurrentIndex(1);
}

void HistoryPage::choose(const QString& id)
{
    if (id == m_wanted) return;
    m_wanted = id;
    if (id.isEmpty()) {
        m_history.reset();
        m_detail->presentMessage({});
        updateActions();
        return;
    }
    readDetail();
}

/// One read at a time: who holds an arrow key down asks for the last one only.
void HistoryPage::readDetail()
{
    if (m_wanted.isEmpty()) return;
    m_readAgain = m_reading;
    if (m_reading) return;
    m_reading = true;
    context().bridge.ask(
        this,
        [id = m_wanted](const engine::Engine& engine) {
            return std::pair(id, engine.rolloutHistory(RolloutId(utf8(id))));
        },
        [this](const std::pair<QString, Result<engine::RolloutHistory>>& answer) {
            m_reading = false;
            if (m_readAgain || answer.first != m_wanted) return readDetail();
            showDetail(answer.first, answer.second);
        });
}

void HistoryPage::showDetail(const QString& id, const Result<engine::RolloutHistory>& history)
{
    m_history.reset();
    if (history.ok()) {
        m_history = std::make_shared<const engine::RolloutHistory>(history.value());
        const auto snapshot = context().bridge.latest();
        m_detail->present(
            HistoryPresenter::detail(*m_history, {m_history->view, *snapshot, context().bridge.me(), formats()}));
    } else {
        m_detail->presentMessage(
            tr("◆ %1 could not be read from the journal: %2").arg(id, text(history.error().detail)));
    }
    updateActions();
}

void HistoryPage::verify()
{
    m_verifying = true;
    updateActions();
    say(tr("Verifying the audit chain: every event of the journal is read and hashed again…"), Tone::Second);
    context().bridge.ask(
        this, [](const engine::Engine& engine) { return engine.verifyJournal(); },
        [this](const Result<ports::ChainVerdict>& verdict) {
            m_verifying = false;
            updateActions();
            const auto words = HistoryPresenter::chain(verdict, formats());
            say(words.text, words.tone);
        });
}

void HistoryPage::askExport()
{
    if (!m_history) return;
    const engine::RolloutView& view = m_history->view;
    auto* dialog = new QFileDialog(this, tr("Export evidence"));
    dialog->setObjectName(QStringLiteral("history.exportDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("Evidence (*.json)"));
    dialog->setDefaultSuffix(QStringLiteral("json"));
    dialog->selectFile(evidenceFileName(text(view.service), text(view.environment), text(view.state.id.value)));
    connect(dialog, &QFileDialog::fileSelected, this, &HistoryPage::exportTo);
    // Not modal: while a modal dialog is open the keys of an emergency would be dead.
    dialog->setModal(false);
    dressDialog(dialog);
    dialog->show();
}

void HistoryPage::exportTo(const QString& path)
{
    context().bridge.ask(
        this,
        [path, history = m_history](const engine::Engine& /*engine*/) {
            return writeWhole(path, evidenceJson(*history));
        },
        [this, path](const Result<Done>& done) {
            if (done.ok())
                say(tr("✓ The evidence is in %1").arg(path), Tone::Ok);
            else
                say(tr("◆ %1").arg(text(done.error().detail)), Tone::Critical);
        });
}

} // namespace sluice::ui
