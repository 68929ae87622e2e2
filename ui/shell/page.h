// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QVBoxLayout;

namespace sluice::engine {
struct Snapshot;
}

namespace sluice::ui {

class ActionCatalog;
class CommitGuard;
class EngineBridge;
class Sheet;
struct Formats;
struct Wish;

/// What the window lends to its pages; everything outlives them.
struct PageContext {
    const Formats& formats;
    EngineBridge& bridge; ///< for history reads and for who is asking; wishes go through `wished`
    ActionCatalog& actions;
    CommitGuard& guard;
    QWidget* sheetParent; ///< sheets cover this (the whole window)
};

/// One page of the console: shows pictures of the engine, emits wishes. The window knows pages, pages do not know it.
/// The recipe for a new one is in ui/README.md.
class Page : public QWidget {
    Q_OBJECT

public:
    Page(const PageContext& context, QWidget* parent);
    ~Page() override;

    /// Stable name, e.g. "fleet": ActionSpec::page, screenshots, stored state.
    virtual QString id() const = 0;
    /// Word in the navigation rail.
    virtual QString title() const = 0;
    /// A new picture; called while the page is visible and once when it becomes so. Ages and times come from
    /// `snapshot.now`, never from a clock here.
    virtual void showSnapshot(const engine::Snapshot& snapshot) = 0;
    /// Show this object next (a rollout's id); pages without objects ignore it.
    virtual void open(const QString& /*object*/) {}
    /// The rollout that this page is about right now; empty = none.
    virtual QString shownObject() const { return {}; }
    /// Where the keyboard starts when the page is opened.
    virtual QWidget* firstFocus() { return this; }

signals:
    void wished(const sluice::ui::Wish& wish);
    /// Show another page, e.g. "history".
    void pageAsked(const QString& page);
    /// Show this rollout on the rollout page.
    void rolloutAsked(const QString& rolloutId);
    /// Show another page with this object, e.g. "history" with a rollout's id or with a filter ("service:checkout").
    void objectAsked(const QString& page, const QString& object);
    /// Show this sheet, made with PageContext::sheetParent; the window owns it from here.
    void sheetAsked(sluice::ui::Sheet* sheet);

protected:
    /// The page's own layout: head, body and what else stands under each other.
    QVBoxLayout* makeColumn();
    const PageContext& context() const { return m_context; }
    const Formats& formats() const { return m_context.formats; }

private:
    PageContext m_context;
};

} // namespace sluice::ui
