// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QThreadPool>
#include <QWidget>
#include <functional>
#include <memory>

#include "ui/actions/commit_guard.h"
#include "ui/first_run/first_run_presenter.h"
#include "ui/theme/palette.h"

class QElapsedTimer;
class QGridLayout;
class QLabel;
class QPlainTextEdit;
class QTimer;

namespace sluice::ui {

class ActionButton;
class ActionCatalog;
class Card;
class FactTable;
class StageRail;

/// The first thing that people see when nothing is configured: the demo, a connections file, a sample of one, a look
/// at a playbook. Also where a connections file with mistakes says what they are. Files are read on another thread.
class FirstRunWindow : public QWidget {
    Q_OBJECT

public:
    /// How much of the demo's first hour has been played forward; may be called on any thread.
    using Played = std::function<void(Duration played, Duration all)>;
    /// Starts the engine on a connections file, or on the demo fleet (empty). Blocks for seconds; called on another
    /// thread, one call at a time. After Done `opened` is emitted.
    using Opener = std::function<Result<Done>(const QString& connections, const Played& played)>;

    FirstRunWindow(const Formats& formats, Opener opener);
    /// Waits for a file or an engine that is being opened.
    ~FirstRunWindow() override;

    void setTheme(ThemeKind kind);
    QWidget* firstFocus() const;

public slots:
    void openDemo();
    /// Checks the file; when it is right it is opened.
    void openConnections(const QString& path);
    void openPlaybook(const QString& path);
    void present(const sluice::ui::FirstRunAnswer& answer);

signals:
    void opened();

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void addActions();
    QWidget* buildChoices();
    QWidget* buildSample();
    QWidget* buildAnswer();
    Card* choice(const QString& title, const QString& text, const char* action, const char* look);
    void place();
    void askFile(const QString& title, const QString& filter, void (FirstRunWindow::*chosen)(const QString&));
    void open(const QString& connections, const QString& what);
    void busy(const QString& what);
    void idle();
    void showElapsed();
    void showPlayed(Duration played, Duration all);
    void copySample();
    /// Runs `read` on another thread and `show` with its answer on this one.
    template <class Read, class Show>
    void onReader(Read read, Show show);

    const Formats& m_formats;
    Opener m_opener;
    CommitGuard m_guard{};
    ActionCatalog* m_actions;
    QWidget* m_body{nullptr};
    QLabel* m_none{nullptr}; ///< why this window is here
    QGridLayout* m_grid{nullptr};
    QWidget* m_choices{nullptr};
    QWidget* m_sample{nullptr};
    QPlainTextEdit* m_text{nullptr};
    QWidget* m_answer{nullptr};
    QLabel* m_title{nullptr};
    QLabel* m_words{nullptr};
    StageRail* m_rail{nullptr};
    FactTable* m_problems{nullptr};
    ThemeKind m_theme{ThemeKind::Dark};
    QString m_doing{};
    QString m_played{};
    std::unique_ptr<QElapsedTimer> m_since;
    QTimer* m_tick;
    QThreadPool m_reader{};
};

} // namespace sluice::ui
