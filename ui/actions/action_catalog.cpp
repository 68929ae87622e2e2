// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/actions/action_catalog.h"

#include <QWidget>
#include <algorithm>

#include "core/base/check.h"
#include "ui/actions/commit_guard.h"

namespace sluice::ui {

ActionCatalog::ActionCatalog(QWidget* window, CommitGuard& guard)
    : QObject(window)
    , m_window(window)
    , m_guard(guard)
{
    connect(&guard, &CommitGuard::lockedChanged, this, &ActionCatalog::refreshAll);
}

QAction* ActionCatalog::add(const ActionSpec& spec, std::function<void()> run)
{
    SLUICE_CHECK(find(spec.id) == nullptr);
    auto* action = new QAction(spec.text, this);
    action->setObjectName(spec.id);
    if (!spec.shortText.isEmpty()) action->setIconText(spec.shortText);
    action->setShortcuts(spec.keys);
    action->setShortcutContext(Qt::WindowShortcut);
    action->setAutoRepeat(false);
    connect(action, &QAction::triggered, this, [this, over = spec.overSheets, run = std::move(run)] {
        // Under a sheet things keep their looks and their words, they only do not answer.
        if (!m_sheetOpen || over) run();
    });
    m_window->addAction(action);
    m_entries.push_back({.spec = spec, .action = action});
    refresh(m_entries.back());
    return action;
}

ActionCatalog::Entry* ActionCatalog::find(const QString& id)
{
    const auto found = std::ranges::find_if(m_entries, [&id](const Entry& entry) { return entry.spec.id == id; });
    return found == m_entries.end() ? nullptr : &*found;
}

QAction* ActionCatalog::action(const QString& id) const
{
    const auto found = std::ranges::find_if(m_entries, [&id](const Entry& entry) { return entry.spec.id == id; });
    return found == m_entries.end() ? nullptr : found->action;
}

void ActionCatalog::setAvailable(const QString& id, bool available, const QString& why)
{
    Entry* entry = find(id);
    SLUICE_CHECK(entry != nullptr);
    entry->available = available;
    entry->why = why;
    refresh(*entry);
}

void ActionCatalog::setText(const QString& id, const QString& text)
{
    Entry* entry = find(id);
    SLUICE_CHECK(entry != nullptr);
    entry->spec.text = text;
    if (entry->action->text() != text) entry->action->setText(text);
}

QString ActionCatalog::setKeys(const QString& id, const QList<QKeySequence>& keys)
{
    Entry* entry = find(id);
    SLUICE_CHECK(entry != nullptr);
    for (const Entry& other : m_entries)
        for (const QKeySequence& key : keys)
            if (other.spec.id != id && other.action->shortcuts().contains(key)) return other.spec.id;
    entry->spec.keys = keys;
    entry->action->setShortcuts(keys);
    return {};
}

void ActionCatalog::setPage(const QString& page)
{
    m_page = page;
    refreshAll();
}

void ActionCatalog::setSheetOpen(bool open)
{
    m_sheetOpen = open;
}

void ActionCatalog::setArmed(bool armed)
{
    m_armed = armed;
    refreshAll();
}

void ActionCatalog::clear()
{
    for (const Entry& entry : m_entries)
        entry.action->deleteLater();
    m_entries.clear();
}

QString ActionCatalog::whyNot(const Entry& entry) const
{
    if (entry.spec.commits && m_guard.locked()) return tr("The emergency strip is armed or was just disarmed.");
    if (!entry.available) return entry.why;
    if (!entry.spec.page.isEmpty() && entry.spec.page != m_page) return tr("Belongs to another page.");
    if (m_armed && !entry.spec.overSheets) return tr("The emergency strip is armed.");
    return {};
}

void ActionCatalog::refresh(Entry& entry)
{
    const QString why = whyNot(entry);
    const bool enabled = why.isEmpty() && entry.available;
    if (entry.action->isEnabled() != enabled) entry.action->setEnabled(enabled);
    if (entry.action->statusTip() != why) entry.action->setStatusTip(why);
}

void ActionCatalog::refreshAll()
{
    for (Entry& entry : m_entries)
        refresh(entry);
}

std::vector<ActionCatalog::Row> ActionCatalog::rows() const
{
    std::vector<Row> out;
    out.reserve(m_entries.size());
    for (const Entry& entry : m_entries)
        out.push_back({.id = entry.spec.id,
                       .text = entry.action->text(),
                       .group = entry.spec.group,
                       .key = keyText(entry.action->shortcut()),
                       .page = entry.spec.page,
                       .enabled = entry.action->isEnabled(),
                       .whyNot = whyNot(entry),
                       .harmless = !entry.spec.commits && !entry.spec.overSheets});
    return out;
}

void ActionCatalog::trigger(const QString& id)
{
    QAction* found = action(id);
    if (found != nullptr) found->trigger();
}

QString keyText(const QKeySequence& key)
{
    QString text = key.toString(QKeySequence::NativeText);
    if (text.size() > 1) text.replace(QLatin1Char('+'), QLatin1Char(' '));
    return text.replace(QStringLiteral("Return"), QStringLiteral("Enter"));
}

} // namespace sluice::ui
