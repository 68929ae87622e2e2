// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>
#include <functional>
#include <vector>

namespace sluice::ui {

class CommitGuard;

/// One thing a person can do, once: its words, its key and where it is alive.
struct ActionSpec {
    QString id{};        ///< e.g. "rollout.pause"; stays the same for ever (keys are stored under it)
    QString text{};      ///< names the act, e.g. "Pause"
    QString shortText{}; ///< on a button whose place says the rest; empty = text
    QString group{};     ///< heading in the key sheet
    QList<QKeySequence> keys{};
    QString page{};         ///< alive on this page only; empty = everywhere
    bool commits{false};    ///< locked while the emergency strip is armed
    bool overSheets{false}; ///< alive while a sheet is open
};

/// All actions with text, key, when they are enabled and why not. Feeds buttons, palette and key sheet.
class ActionCatalog : public QObject {
    Q_OBJECT

public:
    /// Shortcuts live in `window`.
    ActionCatalog(QWidget* window, CommitGuard& guard);

    /// The catalog owns the action. A second action with the same id is a bug.
    QAction* add(const ActionSpec& spec, std::function<void()> run);
    QAction* action(const QString& id) const;

    /// Enabled as far as the action itself is concerned; otherwise `why` is one sentence.
    void setAvailable(const QString& id, bool available, const QString& why = {});
    void setText(const QString& id, const QString& text);

    /// Another key for an action. Answers the id of the action that has it already, or nothing when it is done.
    QString setKeys(const QString& id, const QList<QKeySequence>& keys);

    void setPage(const QString& page);
    void setSheetOpen(bool open);
    /// While the emergency strip is armed only what is alive over sheets works: its digits select, they open no page.
    void setArmed(bool armed);
    /// Forgets all actions (the screens are built anew, e.g. in another language).
    void clear();

    struct Row {
        QString id{};
        QString text{};
        QString group{};
        QString key{}; ///< as people read it, e.g. "Ctrl K"
        QString page{};
        bool enabled{false};
        QString whyNot{};
        bool harmless{true}; ///< only opens or shows something, and is no emergency
    };
    /// In the order in which they were added.
    std::vector<Row> rows() const;
    void trigger(const QString& id);

private:
    struct Entry {
        ActionSpec spec{};
        QAction* action{nullptr};
        bool available{true};
        QString why{};
    };
    Entry* find(const QString& id);
    QString whyNot(const Entry& entry) const;
    void refresh(Entry& entry);
    void refreshAll();

    QWidget* m_window;
    CommitGuard& m_guard;
    std::vector<Entry> m_entries{};
    QString m_page{};
    bool m_sheetOpen{false};
    bool m_armed{false};
};

/// "Ctrl K": the key as it stands on buttons and in lists.
QString keyText(const QKeySequence& key);

} // namespace sluice::ui
