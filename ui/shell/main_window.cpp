// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include <QAction>
#include <QApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

#include "core/engine/snapshot.h"
#include "ui/actions/action_catalog.h"
#include "ui/actions/command_palette.h"
#include "ui/actions/commit_guard.h"
#include "ui/actions/key_sheet.h"
#include "ui/bridge/engine_bridge.h"
#include "ui/bridge/text.h"
#include "ui/bridge/wish.h"
#include "ui/emergency/emergency_strip.h"
#include "ui/shell/navigation_rail.h"
#include "ui/shell/notice.h"
#include "ui/shell/sheet.h"
#include "ui/shell/status_presenter.h"
#include "ui/theme/look.h"
#include "ui/theme/theme.h"

namespace sluice::ui {

MainWindow::MainWindow(EngineBridge& bridge, const Formats& formats, std::vector<PageFactory> factories)
    : m_bridge(bridge)
    , m_formats(formats)
    , m_factories(std::move(factories))
    , m_guard(std::make_unique<CommitGuard>())
    , m_actions(new ActionCatalog(this, *m_guard))
{
    setWindowTitle(QApplication::applicationDisplayName());
    setMinimumSize(1024, 700);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    buildFrame();
    m_silence = new QTimer(this);
    m_silence->setInterval(1000);
    connect(m_silence, &QTimer::timeout, this, &MainWindow::silentSecond);
    m_silence->start();
    connect(&m_bridge, &EngineBridge::snapshotChanged, this, &MainWindow::newPicture);
    connect(&m_bridge, &EngineBridge::answered, this, &MainWindow::showAnswer);
    connect(&m_bridge, &EngineBridge::emergencyAnswered, this, &MainWindow::showEmergencyAnswer);
}

MainWindow::~MainWindow()
{
    // Pages lean on the catalog and the guard, so they go first.
    delete m_sheet;
    delete m_frame;
}

void MainWindow::buildFrame()
{
    m_frame = new QWidget(this);
    setLook(m_frame, "window");
    m_rail = new NavigationRail(m_frame);
    m_stack = new QStackedWidget(m_frame);
    m_status = new StatusStrip(m_frame);
    m_notice = new Notice(m_frame);
    m_banner = makeWrapped(m_frame, "banner");
    m_banner->setContentsMargins(18, 8, 18, 8);
    m_banner->setObjectName(QStringLiteral("banner"));
    m_banner->hide();
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(m_banner);
    right->addWidget(m_stack, 1);
    auto* middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(m_rail);
    middle->addLayout(right, 1);
    auto* column = new QVBoxLayout(m_frame);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(middle, 1);
    column->addWidget(m_status);
    layout()->addWidget(m_frame);

    buildEmergency();
    buildPages();
    addShellActions();
    if (!m_pages.isEmpty()) showPage(m_pages.first()->id());
}

void MainWindow::placeNotice()
{
    m_notice->placeOver(QRect(m_stack->mapTo(m_frame, QPoint(0, 0)), m_stack->size()));
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    placeEmergency();
    placeNotice();
}

void MainWindow::buildPages()
{
    const PageContext context{m_formats, m_bridge, *m_actions, *m_guard, this};
    for (const PageFactory& make : m_factories)
        addPage(make(context, m_stack));
}

void MainWindow::addPage(Page* page)
{
    m_pages.append(page);
    m_stack->addWidget(page);
    const QString id = page->id();
    const QString key = QString::number(m_pages.size());
    page->setObjectName(QStringLiteral("page.") + id);
    page->setAccessibleName(page->title());
    QAction* go = m_actions->add(
        {.id = QStringLiteral("go.") + id, .text = page->title(), .group = tr("Pages"), .keys = {QKeySequence(key)}},
        [this, id] { showPage(id); });
    m_rail->addPage(id, go);
    connect(page, &Page::wished, this, &MainWindow::submit);
    connect(page, &Page::pageAsked, this, &MainWindow::showPage);
    connect(page, &Page::rolloutAsked, this, &MainWindow::showRollout);
    connect(page, &Page::objectAsked, this, &MainWindow::showObject);
    connect(page, &Page::sheetAsked, this, &MainWindow::showSheet);
}

void MainWindow::addShellActions()
{
    QAction* palette = m_actions->add({.id = QStringLiteral("shell.palette"),
                                       .text = tr("Command…"),
                                       .group = tr("Everywhere"),
                                       .keys = {QKeySequence(Qt::CTRL | Qt::Key_K)}},
                                      [this] { openPalette(); });
    QAction* keys = m_actions->add({.id = QStringLiteral("shell.keys"),
                                    .text = tr("Keys"),
                                    .group = tr("Everywhere"),
                                    .keys = {QKeySequence(Qt::Key_Question)}},
                                   [this] { openKeys(); });
    m_actions->add({.id = QStringLiteral("shell.theme"),
                    .text = tr("Switch the theme between dark and light"),
                    .group = tr("Everywhere"),
                    .keys = {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L)}},
                   [this] { setTheme(m_theme == ThemeKind::Light ? ThemeKind::Dark : ThemeKind::Light); });
    m_actions->add({.id = QStringLiteral("shell.closeNotice"),
                    .text = tr("Close the notice"),
                    .group = tr("Everywhere"),
                    .keys = {}},
                   [this] { m_notice->dismiss(); });
    const auto enable = [this](bool shown) {
        m_actions->setAvailable(QStringLiteral("shell.closeNotice"), shown, tr("There is no notice."));
    };
    enable(false);
    connect(m_notice, &Notice::shownChanged, this, enable);
    m_rail->addAtFoot(keys);
    m_rail->addAtFoot(palette);
}

void MainWindow::setTheme(ThemeKind kind)
{
    m_theme = kind;
    applyTheme(this, kind);
}

Page* MainWindow::page(const QString& id) const
{
    for (Page* page : m_pages)
        if (page->id() == id) return page;
    return nullptr;
}

QStringList MainWindow::pageIds() const
{
    QStringList ids;
    for (const Page* page : m_pages)
        ids << page->id();
    return ids;
}

QString MainWindow::currentPage() const
{
    const auto* current = qobject_cast<Page*>(m_stack->currentWidget());
    return current == nullptr ? QString() : current->id();
}

void MainWindow::showPage(const QString& id)
{
    Page* wanted = page(id);
    if (wanted == nullptr) return;
    if (m_stack->currentWidget() != wanted) m_notice->leaveWithItsPage();
    m_stack->setCurrentWidget(wanted);
    m_rail->setCurrent(id);
    m_actions->setPage(id);
    showNewest();
    wanted->firstFocus()->setFocus(Qt::OtherFocusReason);
}

void MainWindow::showRollout(const QString& rolloutId)
{
    // What ended long ago is no longer in the picture of the engine, but in the journal.
    const auto snapshot = m_bridge.latest();
    const bool shown = snapshot && snapshot->rollout(RolloutId(utf8(rolloutId))) != nullptr;
    showObject(shown ? QStringLiteral("rollout") : QStringLiteral("history"), rolloutId);
}

void MainWindow::showObject(const QString& pageId, const QString& object)
{
    Page* wanted = page(pageId);
    if (wanted == nullptr) return;
    wanted->open(object);
    showPage(wanted->id());
}

void MainWindow::newPicture()
{
    m_silentFor = 0;
    showNewest();
}

void MainWindow::silentSecond()
{
    ++m_silentFor;
    showAge();
}

/// Says that one looks at the past: the engine of this console is silent, or it shows the picture of one that is.
void MainWindow::showAge()
{
    const auto snapshot = m_bridge.latest();
    const Duration limit = std::chrono::seconds(kSilentSeconds);
    const bool observing = snapshot && snapshot->engine.role == engine::EngineStatus::Role::Observer;
    if (m_silentFor >= kSilentSeconds)
        showText(m_banner,
                 tr("◆ The engine has said nothing for %1. What you see is old; an emergency rollback still works.")
                     .arg(ageText(std::chrono::seconds(m_silentFor), m_formats)));
    else if (observing && snapshot->engine.renewedAgo > limit)
        showText(m_banner, tr("◆ Nobody drives, or the driver hangs. What you see was true %1; an emergency rollback "
                              "still works.")
                               .arg(agoText(snapshot->engine.renewedAgo, m_formats)));
    else
        m_banner->clear();
    const bool says = !m_banner->text().isEmpty();
    if (says == !m_banner->isHidden()) return;
    m_banner->setVisible(says);
    m_frame->layout()->activate(); // what lies over the pages moves with them
    placeEmergency();
    placeNotice();
}

void MainWindow::showNewest()
{
    const auto snapshot = m_bridge.latest();
    if (!snapshot) return;
    showAge();
    m_status->present(statusStrip(*snapshot, m_formats));
    if (m_emergency->isVisible()) presentEmergency(*snapshot);
    if (auto* current = qobject_cast<Page*>(m_stack->currentWidget())) current->showSnapshot(*snapshot);
}

Sheet* MainWindow::openSheet() const
{
    return m_sheet;
}

void MainWindow::showSheet(Sheet* sheet)
{
    if (m_sheet) m_sheet->closeSheet();
    m_sheet = sheet;
    m_notice->leaveWithItsPage();
    m_actions->setSheetOpen(true);
    connect(sheet, &Sheet::closed, this, [this, sheet] {
        if (m_sheet != sheet) return;
        m_sheet = nullptr;
        m_actions->setSheetOpen(false);
    });
    sheet->open();
    m_emergency->raise(); // Over any screen means over sheets too.
}

void MainWindow::openPalette()
{
    showSheet(new CommandPalette(*m_actions, this));
}

void MainWindow::openKeys()
{
    showSheet(new KeySheet(*m_actions, currentPage(), this));
}

void MainWindow::submit(const Wish& wish)
{
    placeNotice();
    m_notice->say(tr("Asked: %1.").arg(wish.what), false);
    m_bridge.submit(wish);
}

void MainWindow::showAnswer(const QString& what, bool accepted, const QString& detail)
{
    if (accepted)
        m_notice->say(tr("The engine accepted: %1.").arg(what), false);
    else
        m_notice->say(tr("◆ Refused: %1. %2").arg(what, detail), true);
}

void MainWindow::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LayoutDirectionChange) setTheme(m_theme);
    if (event->type() != QEvent::LanguageChange || m_frame == nullptr) return;
    // All words are set while building, so another language means building again.
    const QString current = currentPage();
    if (m_sheet) m_sheet->closeSheet();
    m_pages.clear();
    m_actions->clear();
    delete m_frame;
    buildFrame();
    showPage(current);
}

} // namespace sluice::ui
