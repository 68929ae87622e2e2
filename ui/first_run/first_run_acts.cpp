// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTimer>

#include "ui/actions/action_catalog.h"
#include "ui/first_run/first_run_window.h"
#include "ui/theme/theme.h"

// What the choices of the first-run window do.

namespace sluice::ui {

namespace {

constexpr const char* kActs[] = {"first.demo", "first.connections", "first.playbook", "first.copy"};

} // namespace

template <class Read, class Show>
void FirstRunWindow::onReader(Read read, Show show)
{
    // The destructor waits for the reader, and an event for a window that is gone is dropped.
    m_reader.start([this, read, show] {
        auto answer = read();
        QMetaObject::invokeMethod(
            this,
            [this, show, answer = std::move(answer)] {
                idle();
                show(answer);
            },
            Qt::QueuedConnection);
    });
}

void FirstRunWindow::askFile(const QString& title, const QString& filter,
                             void (FirstRunWindow::*chosen)(const QString&))
{
    auto* dialog = new QFileDialog(this, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilter(filter);
    connect(dialog, &QFileDialog::fileSelected, this, chosen);
    dressDialog(dialog);
    dialog->open();
}

void FirstRunWindow::openDemo()
{
    open({}, tr("Opening the demo"));
}

void FirstRunWindow::open(const QString& connections, const QString& what)
{
    busy(what);
    const Played played = [this](Duration done, Duration all) {
        QMetaObject::invokeMethod(
            this, [this, done, all] { showPlayed(done, all); }, Qt::QueuedConnection);
    };
    onReader([opener = m_opener, connections, played] { return opener(connections, played); },
             [this, connections](const Result<Done>& done) {
                 if (done.ok())
                     emit opened();
                 else
                     present(cannotOpen(connections, done.error()));
             });
}

void FirstRunWindow::openConnections(const QString& path)
{
    busy(tr("Reading %1").arg(path));
    onReader(
        [path]() -> ConnectionsAnswer {
            const auto read = readText(path);
            if (!read) return {cannotOpen(path, read.error()), false};
            return checkConnections(read.value(), path);
        },
        [this, path](const ConnectionsAnswer& answer) {
            present(answer.shown);
            if (answer.good) open(path, tr("Opening %1").arg(path));
        });
}

void FirstRunWindow::openPlaybook(const QString& path)
{
    busy(tr("Reading %1").arg(path));
    onReader(
        [path, formats = m_formats] {
            const auto read = readText(path);
            return read ? checkPlaybook(read.value(), path, formats) : cannotOpen(path, read.error());
        },
        [this](const FirstRunAnswer& answer) { present(answer); });
}

void FirstRunWindow::present(const FirstRunAnswer& answer)
{
    showText(m_title, answer.title);
    setTone(m_title, answer.tone);
    showText(m_words, answer.text);
    m_words->setVisible(!answer.text.isEmpty());
    m_rail->present(answer.rail);
    m_rail->setVisible(!answer.rail.stages.isEmpty());
    m_problems->present(answer.problems);
    m_problems->setVisible(!answer.problems.rows.isEmpty());
    m_none->hide();
    m_answer->show();
    QAccessibleEvent alert(m_title, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void FirstRunWindow::busy(const QString& what)
{
    m_doing = what;
    m_played.clear();
    for (const char* id : kActs)
        m_actions->setAvailable(QLatin1String(id), false, tr("Something is being opened."));
    m_since->start();
    m_tick->start();
    showElapsed();
}

void FirstRunWindow::showElapsed()
{
    const Duration gone = std::chrono::milliseconds(m_since->elapsed());
    const QString soFar = tr("%1 so far").arg(clockText(gone));
    present({.title = tr("%1…").arg(m_doing),
             .text = m_played.isEmpty() ? soFar : tr("%1, %2").arg(m_played, soFar),
             .tone = Tone::Text});
}

void FirstRunWindow::showPlayed(Duration played, Duration all)
{
    if (!m_tick->isActive()) return; // it has been opened, or given up, since this was sent
    const auto minutes = [](Duration time) { return std::chrono::duration_cast<std::chrono::minutes>(time).count(); };
    m_played = tr("Its first hour is played forward: minute %1 of %2").arg(minutes(played)).arg(minutes(all));
    showElapsed();
}

void FirstRunWindow::idle()
{
    m_tick->stop();
    for (const char* id : kActs)
        m_actions->setAvailable(QLatin1String(id), true);
}

void FirstRunWindow::copySample()
{
    QApplication::clipboard()->setText(sampleConnections());
    present({.title = tr("✓ The sample is in the clipboard"),
             .text = tr("Paste it into a file called connections.yaml."),
             .tone = Tone::Ok});
}

} // namespace sluice::ui
