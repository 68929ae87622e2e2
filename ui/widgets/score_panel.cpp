// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/score_panel.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>

#include "ui/widgets/meter.h"

namespace sluice::ui {

ScorePanel::ScorePanel(QWidget* parent)
    : Card(tr("Health score"), parent)
    , m_score(makeLabel(this, "score"))
    , m_band(makeLabel(this, "strong"))
    , m_meaning(makeWrapped(this, "small"))
    , m_grid(new QGridLayout)
{
    setObjectName(QStringLiteral("score"));
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(m_band);
    words->addWidget(m_meaning);
    words->addStretch();
    auto* top = new QHBoxLayout;
    top->setSpacing(16);
    top->addWidget(m_score, 0, Qt::AlignTop);
    top->addLayout(words, 1);
    m_grid->setHorizontalSpacing(10);
    m_grid->setVerticalSpacing(3);
    m_grid->setColumnStretch(1, 1);
    content()->addLayout(top);
    content()->addLayout(m_grid);
}

void ScorePanel::setRowCount(qsizetype count)
{
    while (m_rows.size() > count) {
        const Row row = m_rows.takeLast();
        delete row.title;
        delete row.meter;
        delete row.value;
        delete row.weight;
    }
    while (m_rows.size() < count) {
        const int at = static_cast<int>(m_rows.size());
        const Row row{makeLabel(this, "small"), new Meter(this), makeLabel(this, "mono"), makeLabel(this, "mono")};
        setSide(row.value, Qt::AlignRight | Qt::AlignVCenter);
        setTone(row.weight, Tone::Third);
        row.title->setContentsMargins(0, 0, 0, 2); // its face stands lower in its line than the figures'
        m_grid->addWidget(row.title, at, 0);
        m_grid->addWidget(row.meter, at, 1);
        m_grid->addWidget(row.value, at, 2);
        m_grid->addWidget(row.weight, at, 3);
        m_rows.append(row);
    }
}

void ScorePanel::present(const ScorePanelData& score)
{
    showText(m_score, score.score);
    setTone(m_score, score.tone);
    showText(m_band, score.band);
    setTone(m_band, score.tone);
    showText(m_meaning, score.meaning);
    setRowCount(score.parts.size());
    for (qsizetype i = 0; i < score.parts.size(); ++i) {
        const auto& part = score.parts.at(i);
        const Row& row = m_rows.at(i);
        showText(row.title, part.title);
        showText(row.value, part.value);
        showText(row.weight, part.weight);
        row.meter->present(part.ppm, part.tone);
        row.title->setToolTip(part.because);
        row.meter->setToolTip(part.because);
    }
}

} // namespace sluice::ui
