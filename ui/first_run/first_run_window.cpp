// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/first_run/first_run_window.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QGridLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QTimer>
#include <QVBoxLayout>

#include "ui/actions/action_catalog.h"
#include "ui/theme/fonts.h"
#include "ui/theme/theme.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/card.h"
#include "ui/widgets/fact_table.h"
#include "ui/widgets/flow_layout.h"

namespace sluice::ui {

namespace {

constexpr int kBeside = 980;      ///< from this width on the sample stands beside the choices
constexpr int kLine = 1180;       ///< wider than this nothing gets easier to read
constexpr int kSampleLeast = 540; ///< shows the whole sample
constexpr int kTickMs = 1000;

} // namespace

FirstRunWindow::FirstRunWindow(const Formats& formats, Opener opener)
    : m_formats(formats)
    , m_opener(std::move(opener))
    , m_actions(new ActionCatalog(this, m_guard))
    , m_since(std::make_unique<QElapsedTimer>())
    , m_tick(new QTimer(this))
{
    setObjectName(QStringLiteral("firstRun"));
    setWindowTitle(QApplication::applicationDisplayName());
    setMinimumSize(1024, 700);
    setLook(this, "window");
    setAttribute(Qt::WA_StyledBackground);
    m_reader.setMaxThreadCount(1);
    m_tick->setInterval(kTickMs);
    connect(m_tick, &QTimer::timeout, this, &FirstRunWindow::showElapsed);
    addActions();

    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_body = new QWidget(scroll);
    m_body->setMaximumWidth(kLine);
    m_grid = new QGridLayout(m_body);
    m_grid->setContentsMargins(24, 24, 24, 24);
    m_grid->setSpacing(14);
    auto* title = makeLabel(m_body, "title", tr("Welcome to Sluice"));
    auto* intro =
        makeWrapped(m_body, "body",
                    tr("Sluice moves a release to its users in stages, judges each stage on real metrics, and "
                       "takes the traffic back when the new version turns bad."));
    m_none = makeWrapped(m_body, "body", tr("No connections file is configured yet. What shall come first?"));
    setTone(intro, Tone::Second);
    m_grid->addWidget(title, 0, 0, 1, 2);
    m_grid->addWidget(intro, 1, 0, 1, 2);
    m_grid->addWidget(m_none, 2, 0, 1, 2);
    m_grid->addWidget(buildAnswer(), 3, 0, 1, 2);
    buildChoices();
    buildSample();
    scroll->setWidget(m_body);
    scroll->setAlignment(Qt::AlignHCenter);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(scroll);
    place();
}

FirstRunWindow::~FirstRunWindow()
{
    m_reader.waitForDone();
}

void FirstRunWindow::setTheme(ThemeKind kind)
{
    m_theme = kind;
    applyTheme(this, kind);
}

void FirstRunWindow::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LayoutDirectionChange) setTheme(m_theme);
}

QWidget* FirstRunWindow::firstFocus() const
{
    return m_choices->findChild<ActionButton*>();
}

void FirstRunWindow::addActions()
{
    const auto add = [this](const char* id, const QString& text, Qt::Key key, auto run) {
        m_actions->add({.id = QLatin1String(id), .text = text, .group = tr("First steps"), .keys = {QKeySequence(key)}},
                       run);
    };
    add("first.demo", tr("Try the demo fleet"), Qt::Key_D, [this] { openDemo(); });
    add("first.connections", tr("Open a connections file…"), Qt::Key_O, [this] {
        askFile(tr("Open a connections file"), tr("Connections (*.yaml *.yml);;All files (*)"),
                &FirstRunWindow::openConnections);
    });
    add("first.playbook", tr("Look at a playbook…"), Qt::Key_P, [this] {
        askFile(tr("Look at a playbook"), tr("Playbooks (*.yaml *.yml);;All files (*)"), &FirstRunWindow::openPlaybook);
    });
    add("first.copy", tr("Copy the sample"), Qt::Key_C, [this] { copySample(); });
}

Card* FirstRunWindow::choice(const QString& title, const QString& text, const char* action, const char* look)
{
    auto* card = new Card(title, m_choices);
    auto* words = makeWrapped(card, "body", text);
    setTone(words, Tone::Second);
    auto* button = new ActionButton({}, look, card);
    button->setObjectName(QLatin1String(action));
    button->follow(m_actions->action(QLatin1String(action)));
    auto* row = new FlowLayout(nullptr, 10, 6);
    row->addWidget(button);
    card->content()->addWidget(words);
    card->content()->addLayout(row);
    card->content()->addStretch();
    return card;
}

QWidget* FirstRunWindow::buildChoices()
{
    m_choices = new QWidget(m_body);
    auto* column = new QVBoxLayout(m_choices);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(14);
    column->addWidget(
        choice(tr("Have a look first"),
               tr("A simulated fleet of eight services with a real engine and a real journal: one release "
                  "waits for you, one goes back by itself. Nothing outside this program is touched."),
               "first.demo", "primary"));
    column->addWidget(choice(tr("Your own services"),
                             tr("A connections file names your targets, proxies, metrics and people. It is checked "
                                "before anything starts; mistakes are shown with line and column."),
                             "first.connections", "plain"));
    column->addWidget(
        choice(tr("A plan for your releases"),
               tr("A playbook says how much traffic each stage gets and what has to hold. Open one to see "
                  "its stages, or what is wrong with it."),
               "first.playbook", "plain"));
    column->addStretch();
    return m_choices;
}

QWidget* FirstRunWindow::buildSample()
{
    auto* card = new Card(tr("Connect Prometheus and a router"), m_body);
    m_sample = card;
    auto* words = makeWrapped(card, "body",
                              tr("Copy this sample into connections.yaml, put your own names and addresses in, and let "
                                 "it be tested: every address is asked, nothing is changed. Then open it here."));
    setTone(words, Tone::Second);
    m_text = new QPlainTextEdit(card);
    m_text->setObjectName(QStringLiteral("first.sample"));
    m_text->setAccessibleName(tr("Sample of a connections file"));
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setFont(monoFont(12));
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setPlainText(sampleConnections());
    m_text->setLayoutDirection(Qt::LeftToRight);
    card->setMinimumHeight(kSampleLeast);
    auto* command =
        makeWrapped(card, "mono", QStringLiteral("sluicectl connections check --connections connections.yaml"));
    command->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* copy = new ActionButton({}, "plain", card);
    copy->setObjectName(QStringLiteral("first.copy"));
    copy->follow(m_actions->action(QStringLiteral("first.copy")));
    auto* row = new FlowLayout(nullptr, 10, 6);
    row->addWidget(copy);
    card->content()->addWidget(words);
    card->content()->addWidget(m_text, 1);
    card->content()->addLayout(row);
    card->content()->addWidget(makeWrapped(card, "small", tr("Test it with this command:")));
    card->content()->addWidget(command);
    return card;
}

QWidget* FirstRunWindow::buildAnswer()
{
    auto* frame = new QFrame(m_body);
    setLook(frame, "card");
    frame->setObjectName(QStringLiteral("first.answer"));
    m_answer = frame;
    m_title = makeWrapped(frame, "subtitle");
    m_title->setObjectName(QStringLiteral("first.answer.title"));
    m_words = makeWrapped(frame, "body");
    setTone(m_words, Tone::Second);
    m_rail = new StageRail(frame);
    m_problems = new FactTable(frame);
    auto* column = new QVBoxLayout(frame);
    column->setContentsMargins(16, 14, 16, 14);
    column->setSpacing(10);
    for (QWidget* part : {static_cast<QWidget*>(m_title), static_cast<QWidget*>(m_words), static_cast<QWidget*>(m_rail),
                          static_cast<QWidget*>(m_problems)})
        column->addWidget(part);
    frame->hide();
    return frame;
}

void FirstRunWindow::place()
{
    const bool beside = width() >= kBeside;
    m_grid->removeWidget(m_choices);
    m_grid->removeWidget(m_sample);
    m_grid->addWidget(m_choices, 4, 0, 1, beside ? 1 : 2);
    m_grid->addWidget(m_sample, beside ? 4 : 5, beside ? 1 : 0, 1, beside ? 1 : 2);
    m_grid->setColumnStretch(0, 45);
    m_grid->setColumnStretch(1, 55);
    m_grid->setRowStretch(6, 1);
}

void FirstRunWindow::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    place();
}

} // namespace sluice::ui
