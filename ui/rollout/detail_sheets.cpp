// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/detail_sheets.h"

#include <QCheckBox>
#include <QLabel>
#include <QVBoxLayout>

#include "ui/actions/commit_guard.h"
#include "ui/theme/look.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/fact_table.h"

namespace sluice::ui {

ReadingSheet::ReadingSheet(const QString& title, QWidget* over)
    : Sheet(title, over)
    , m_close(new ActionButton(tr("Close"), "plain", this))
{
    setPreferredWidth(820);
    m_close->setObjectName(QStringLiteral("sheet.close"));
    m_close->setKeyHint(tr("Esc"));
    connect(m_close, &QPushButton::clicked, this, &Sheet::closeSheet);
}

void ReadingSheet::addClose()
{
    footer()->addWidget(m_close, 0, Qt::AlignRight);
}

GatesSheet::GatesSheet(const QString& service, const QList<GateRow>& gates, QWidget* over)
    : ReadingSheet(tr("Why is %1 where it is?").arg(service), over)
{
    setObjectName(QStringLiteral("sheet.gates"));
    FactTableData table{.columns = {{tr("Gate"), false, true},
                                    {tr("Seen"), true, false},
                                    {tr("Required"), true, false},
                                    {tr("Since"), true, false},
                                    {tr("Expected"), true, false},
                                    {tr("Who can end it"), false, false}}};
    for (const GateRow& gate : gates) {
        const QString mark = gate.words.mark.isEmpty() ? QStringLiteral("·") : gate.words.mark;
        QString words = mark + QLatin1Char(' ') + gate.words.brief;
        if (!gate.words.detail.isEmpty()) words = tr("%1: %2").arg(words, gate.words.detail);
        table.rows.append({{words, gate.words.tone},
                           {gate.words.observed},
                           {gate.words.required, Tone::Second},
                           {gate.since, Tone::Second, true},
                           {gate.expectedEnd, Tone::Second, true},
                           {gate.unblockedBy, Tone::Second}});
    }
    auto* facts = new FactTable(this);
    facts->present(table);
    content()->addWidget(facts);
    if (gates.isEmpty()) content()->addWidget(makeWrapped(this, "body", tr("No gate holds it back.")));
    addClose();
}

TriggersSheet::TriggersSheet(const TriggerPanelData& triggers, QWidget* over)
    : ReadingSheet(triggers.title, over)
{
    setObjectName(QStringLiteral("sheet.triggers"));
    FactTableData table{
        .columns = {{tr("Condition"), false, false}, {tr("State"), true, false}, {tr("Details"), false, true}}};
    for (const auto& row : triggers.rows)
        table.rows.append({{row.condition}, {row.state, row.tone}, {row.detail, Tone::Second}});
    auto* facts = new FactTable(this);
    facts->present(table);
    content()->addWidget(facts);
    addClose();
}

ChecklistSheet::ChecklistSheet(const ChecklistData& list, CommitGuard& guard, QWidget* over)
    : ReadingSheet(list.title, over)
    , m_cannotTick(list.cannotTick)
{
    setObjectName(QStringLiteral("sheet.checklist"));
    setPreferredWidth(560);
    for (const auto& item : list.items)
        addBox(item, guard);
    addClose();
    present(list);
}

void ChecklistSheet::addBox(const ChecklistData::Item& item, CommitGuard& guard)
{
    auto* box = new QCheckBox(item.text, this);
    box->setObjectName(QStringLiteral("checklist.") + item.id);
    box->setAccessibleName(item.text);
    const auto refresh = [this, box, &guard] {
        box->setEnabled(m_cannotTick.isEmpty() && !guard.locked());
        box->setToolTip(m_cannotTick);
        box->setAccessibleDescription(m_cannotTick);
    };
    refresh();
    connect(&guard, &CommitGuard::lockedChanged, box, refresh);
    connect(box, &QCheckBox::clicked, this, [this, id = item.id](bool on) { ask(id, on); });
    content()->addWidget(box);
    m_boxes.insert(item.id, box);
}

void ChecklistSheet::ask(const QString& item, bool on)
{
    QCheckBox* box = m_boxes.value(item);
    box->setChecked(!on);
    box->setText(tr("%1 (asked)").arg(box->accessibleName()));
    emit ticked(item, on);
}

void ChecklistSheet::present(const ChecklistData& list)
{
    for (const auto& item : list.items) {
        QCheckBox* box = m_boxes.value(item.id);
        if (box == nullptr || (box->isChecked() == item.ticked && !box->text().isEmpty() && item.by.isEmpty()))
            continue;
        box->setChecked(item.ticked);
        box->setText(item.by.isEmpty() ? item.text : tr("%1 (%2)").arg(item.text, item.by));
    }
}

} // namespace sluice::ui
