// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/new_rollout_sheet.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "ui/actions/commit_guard.h"
#include "ui/theme/look.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/flow_layout.h"

namespace sluice::ui {

namespace {

constexpr int kWidth = 720;
constexpr int kNames = 140; // both columns of names stand under each other
constexpr int kVersionAtMost = 128;
constexpr int kNoteAtMost = 500;

QComboBox* makeChoice(QWidget* parent, const char* name, const QString& words)
{
    auto* box = new QComboBox(parent);
    box->setObjectName(QLatin1String(name));
    box->setAccessibleName(words);
    return box;
}

} // namespace

NewRolloutSheet::NewRolloutSheet(QList<Choice> choices, const QString& chosen, Plan plan, CommitGuard& guard,
                                 QWidget* over)
    : Sheet(tr("New rollout"), over)
    , m_choices(std::move(choices))
    , m_plan(std::move(plan))
    , m_target(makeChoice(this, "start.target", tr("Service")))
    , m_version(makeField("start.version", tr("New version")))
    , m_playbook(makeChoice(this, "start.playbook", tr("Playbook")))
    , m_note(makeField("start.note", tr("Note (kept in the journal)")))
    , m_supersede(new QCheckBox(tr("Roll back what is being released now first"), this))
    , m_settingsBox(new QWidget(this))
    , m_settings(new QGridLayout(m_settingsBox))
    , m_problem(makeWrapped(this, "body"))
    , m_lines(makeWrapped(this, "small"))
    , m_stages(new FactTable(this))
    , m_start(new ActionButton({}, "primary", this))
{
    setObjectName(QStringLiteral("sheet.start"));
    setPreferredWidth(kWidth);
    m_version->setMaxLength(kVersionAtMost);
    m_note->setMaxLength(kNoteAtMost);
    m_supersede->setObjectName(QStringLiteral("start.supersede"));
    m_start->setObjectName(QStringLiteral("start.start"));
    m_start->guardedBy(guard);
    m_problem->setObjectName(QStringLiteral("start.problem"));
    for (const Choice& choice : m_choices)
        m_target->addItem(choice.words, choice.target);
    build();
    connect(m_target, &QComboBox::currentIndexChanged, this, &NewRolloutSheet::targetChosen);
    connect(m_playbook, &QComboBox::currentIndexChanged, this, &NewRolloutSheet::showPlan);
    connect(m_supersede, &QCheckBox::toggled, this, &NewRolloutSheet::showPlan);
    connect(m_start, &QPushButton::clicked, this, [this] { emit startAsked(m_shown); });
    m_target->setCurrentIndex(std::max(0, m_target->findData(chosen)));
    targetChosen();
}

QLineEdit* NewRolloutSheet::makeField(const char* name, const QString& words)
{
    auto* field = new QLineEdit(this);
    field->setObjectName(QLatin1String(name));
    field->setAccessibleName(words);
    connect(field, &QLineEdit::textChanged, this, &NewRolloutSheet::showPlan);
    return field;
}

void NewRolloutSheet::build()
{
    auto* fields = new QGridLayout;
    fields->setHorizontalSpacing(12);
    fields->setVerticalSpacing(8);
    fields->setColumnStretch(1, 1);
    fields->setColumnMinimumWidth(0, kNames);
    m_settings->setColumnMinimumWidth(0, kNames);
    int row = 0;
    for (QWidget* field : {static_cast<QWidget*>(m_target), static_cast<QWidget*>(m_version),
                           static_cast<QWidget*>(m_playbook), static_cast<QWidget*>(m_note)}) {
        fields->addWidget(makeLabel(this, "head", field->accessibleName()), row, 0);
        fields->addWidget(field, row++, 1);
    }
    m_settings->setContentsMargins(0, 0, 0, 0);
    m_settings->setHorizontalSpacing(12);
    m_settings->setVerticalSpacing(6);
    auto* cancel = new ActionButton(tr("Cancel"), "plain", this);
    cancel->setObjectName(QStringLiteral("start.cancel"));
    cancel->setKeyHint(tr("Esc"));
    connect(cancel, &QPushButton::clicked, this, &Sheet::closeSheet);
    auto* buttons = new FlowLayout(nullptr, 10, 6);
    buttons->addTrailing(cancel);
    buttons->addTrailing(m_start);
    content()->addLayout(fields);
    content()->addWidget(m_settingsBox);
    content()->addWidget(m_supersede);
    content()->addWidget(m_stages);
    content()->addWidget(m_lines);
    footer()->addWidget(m_problem); // why nothing can be started must not be scrolled out of sight
    footer()->addLayout(buttons);
    setDefaultButton(m_start);
}

void NewRolloutSheet::targetChosen()
{
    const QSignalBlocker quiet(m_playbook);
    m_playbook->clear();
    const int at = m_target->currentIndex();
    if (at >= 0) m_playbook->addItems(m_choices.at(at).playbooks);
    showPlan();
}

StartForm NewRolloutSheet::form() const
{
    StartForm form{.target = m_target->currentData().toString(),
                   .version = m_version->text(),
                   .playbook = m_playbook->currentText(),
                   .note = m_note->text(),
                   .supersede = m_supersede->isChecked()};
    for (const QLineEdit* value : m_values)
        form.settings.insert(value->property("key").toString(), value->text());
    return form;
}

void NewRolloutSheet::showPlan()
{
    m_shown = m_plan(form());
    showSettings(m_shown.settings);
    m_supersede->setVisible(!m_shown.running.isEmpty());
    m_stages->setVisible(!m_shown.stages.rows.isEmpty());
    m_stages->present(m_shown.stages);
    showText(m_lines, m_shown.lines.join(QLatin1Char('\n')));
    showText(m_problem, m_shown.problem);
    setTone(m_problem, Tone::Second);
    m_problem->setVisible(!m_shown.problem.isEmpty());
    m_start->setText(m_shown.title);
    m_start->setAvailable(m_shown.problem.isEmpty(), m_shown.problem);
}

void NewRolloutSheet::showSettings(const QMap<QString, QString>& settings)
{
    QStringList keys;
    for (const QLineEdit* value : m_values)
        keys << value->property("key").toString();
    if (keys == settings.keys()) return;
    qDeleteAll(m_settingsBox->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly));
    m_values.clear();
    int at = 0;
    for (const auto& [key, own] : settings.asKeyValueRange()) {
        QLineEdit* value = makeField("start.setting", tr("Setting %1").arg(key));
        value->setObjectName(QStringLiteral("start.setting.") + key);
        value->setProperty("key", key);
        value->setPlaceholderText(own);
        QLabel* name = makeLabel(m_settingsBox, "mono", key);
        setTone(name, Tone::Second);
        m_settings->addWidget(name, at, 0);
        m_settings->addWidget(value, at++, 1);
        m_values.append(value);
    }
    m_settings->setColumnStretch(1, 1);
    m_settingsBox->setVisible(at > 0);
}

void NewRolloutSheet::showRefusal(const QString& why)
{
    showText(m_problem, tr("◆ The engine refused: %1").arg(why));
    setTone(m_problem, Tone::Critical);
    m_problem->show();
}

} // namespace sluice::ui
