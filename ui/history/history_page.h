// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "ui/history/history_rows.h"
#include "ui/shell/page.h"

class QLabel;
class QLineEdit;
class QStackedWidget;

namespace sluice::ui {

class ActionButton;
class EmptyState;
class HistoryDetail;
class HistoryList;

/// What was rolled out, by whom and how it ended; one rollout with all its decisions. Everything is read on another
/// thread: what is shown stays until the answer is there, and of several questions only the newest counts.
class HistoryPage : public Page {
    Q_OBJECT

public:
    HistoryPage(const PageContext& context, QWidget* parent);

    QString id() const override { return QStringLiteral("history"); }
    QString title() const override { return tr("History"); }
    void showSnapshot(const engine::Snapshot& snapshot) override;
    /// A rollout's id, or a line for the filter ("service:checkout").
    void open(const QString& object) override;
    QString shownObject() const override;
    QWidget* firstFocus() override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void addActions();
    QWidget* buildHead();
    QWidget* buildBody();
    QWidget* buildFoot();
    void place();

    void filterChanged();
    void readList(bool more);
    void showList(const HistoryRead& read, bool more);
    void showRows();
    HistoryRow rowOf(const ports::RolloutRow& row, const TargetNames& names, const engine::Snapshot& snapshot) const;
    void readSummaries();
    void showLive(const engine::Snapshot& snapshot);
    void showEmpty();
    bool readFilter(const engine::Snapshot& snapshot);

    void choose(const QString& id);
    void readDetail();
    void showDetail(const QString& id, const Result<engine::RolloutHistory>& history);
    void setOpened(bool opened);

    void verify();
    void askExport();
    void exportTo(const QString& path);
    void say(const QString& words, Tone tone);
    void updateActions();

    QLineEdit* m_line{nullptr};
    QLabel* m_problem{nullptr};
    QLabel* m_count{nullptr};
    QStackedWidget* m_listStack{nullptr};
    QWidget* m_listCard{nullptr};
    HistoryList* m_list{nullptr};
    ActionButton* m_more{nullptr};
    EmptyState* m_empty{nullptr};
    QWidget* m_detailCard{nullptr};
    HistoryDetail* m_detail{nullptr};
    QLabel* m_said{nullptr};

    HistoryFilter m_filter{};
    std::vector<ports::RolloutRow> m_rows{};
    std::map<RolloutId, engine::RolloutSummary> m_summaries{}; ///< of ended ones; they change no more
    std::optional<ports::RolloutRow> m_after{};                ///< where older rows begin
    bool m_summing{false};  ///< a portion of summaries is being read; the next one waits for it
    QString m_live{};       ///< what lives, and how far it is: another one means reading again
    uint64_t m_question{0}; ///< of the list; answers to older ones are dropped
    bool m_listKnown{false};
    QString m_wanted{}; ///< the rollout that should be shown
    std::shared_ptr<const engine::RolloutHistory> m_history{};
    bool m_reading{false}; ///< a rollout is being read; another wish waits for it
    bool m_readAgain{false};
    bool m_opened{false};
    bool m_verifying{false};
};

} // namespace sluice::ui
