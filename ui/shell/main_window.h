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
class Notice;
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
    ThemeKind theme() const { return m_theme; }
    void showPage(const QString& id);
    QString currentPage() const;
    Page* page(const QString& id) const;
    QStringList pageIds() const;
    ActionCatalog& actions() const { return *m_actions; }
    CommitGuard& guard() const { return *m_guard; }
    Sheet* openSheet() const;
    EmergencyStrip& emergency() const { return *m_emergency; }

    /// Seconds without a picture after which the window says that it is looking at the past.
    static constexpr int kSilentSeconds = 5;

public slots:
    /// One second without a picture (the timer calls this; tests may too).
    void silentSecond();
    void showSheet(sluice::ui::Sheet* sheet);
    void showRollout(const QString& rolloutId);
    void showObject(const QString& pageId, const QString& object);
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
    void presentEmergency(const engine::Snapshot& snapshot);
    void placeEmergency();
    void placeNotice();
    void armEmergency(bool all);
    void showNewest();
    void newPicture();
    void showAge();
    void submit(const Wish& wish);
    void fireEmergency(const Wish& wish);
    void showEmergencyAnswer(const QString& what, bool accepted, const QString& detail);
    void showAnswer(const QString& what, bool accepted, const QString& detail);

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
    Notice* m_notice{nullptr};
    QList<Page*> m_pages{};
    QPointer<Sheet> m_sheet{};
    QLabel* m_banner{nullptr};
    QTimer* m_silence{nullptr};
    int m_silentFor{0};
    bool m_firedBeside{false}; ///< the last emergency went to the proxies from here: this engine did not drive
    ThemeKind m_theme{ThemeKind::Dark};
};

} // namespace sluice::ui
