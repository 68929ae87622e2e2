// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPointer>
#include <QStringList>
#include <QWidget>
#include <functional>
#include <memory>
#include <vector>

#include "ui/shell/page.h"
#include "ui/theme/palette.h"

class QLabel;
class QStackedWidget;
class QTimer;
class QVBoxLayout;

namespace sluice::ui {

class EmergencyStrip;
class NavigationRail;
class StatusStrip;

using PageFactory = std::function<Page*(const PageContext& context, QWidget* parent)>;

/// The frame: rail, pages, status strip, sheets, notices. Knows pages, pages do not know it. Shows whatever picture
/// the bridge has; keeps the answers to wishes in view until the next one.
class MainWindow : public QWidget {
    Q_OBJECT

public:
    /// `bridge` and `formats` outlive the window. The first page is shown.
    MainWindow(EngineBridge& bridge, const Formats& formats, std::vector<PageFactory> factories);
    ~MainWindow() override;

    void setTheme(ThemeKind kind);
    void showPage(const QString& id);
    QString currentPage() const;
    Page* page(const QString& id) const;
    QStringList pageIds() const;
    ActionCatalog& actions() const { return *m_actions; }
    CommitGuard& guard() const { return *m_guard; }
    Sheet* openSheet() const;
    EmergencyStrip& emergency() const { return *m_emergency; }

public slots:
    void showSheet(sluice::ui::Sheet* sheet, QWidget* firstFocus);
    void showRollout(const QString& rolloutId);
    void openPalette();
    void openKeys();

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildFrame();
    void buildPages();
    void addPage(Page* page);
    void buildEmergency();
    void addShellActions();
    void placeEmergency();
    void armEmergency(bool all);
    void showNewest();
    void submit(const Wish& wish);
    void showAnswer(const QString& what, bool accepted, const QString& detail);
    void notify(const QString& text, bool bad);

    EngineBridge& m_bridge;
    const Formats& m_formats;
    std::vector<PageFactory> m_factories;
    std::unique_ptr<CommitGuard> m_guard;
    ActionCatalog* m_actions{nullptr};
    QWidget* m_frame{nullptr};
    NavigationRail* m_rail{nullptr};
    QStackedWidget* m_stack{nullptr};
    StatusStrip* m_status{nullptr};
    EmergencyStrip* m_emergency{nullptr};
    QLabel* m_notice{nullptr};
    QTimer* m_noticeEnd{nullptr};
    QList<Page*> m_pages{};
    QPointer<Sheet> m_sheet{};
};

} // namespace sluice::ui
