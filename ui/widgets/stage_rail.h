// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

#include "ui/theme/look.h"

namespace sluice::ui {

struct StageRailData {
    enum class When { Past, Current, Future };
    struct Stage {
        QString title{};  ///< "10 %"
        QString corner{}; ///< "17:06 / 30:00", "✓ 15 min", "30 min"
        Tone cornerTone{Tone::Third};
        bool cornerRuns{false}; ///< a clock: set in the mono face
        QString detail{};       ///< "Baking · seen 10.0 % · approval: engineering lead"
        When when{When::Future};
        qint64 progressPpm{0};
        QString sentence{}; ///< all of it for people who cannot see it
        friend bool operator==(const Stage&, const Stage&) = default;
    };
    QList<Stage> stages{};
    friend bool operator==(const StageRailData&, const StageRailData&) = default;
};

/// The stages of a rollout side by side, painted. To assistive technology it is a list with one item a stage.
class StageRail : public QWidget {
    Q_OBJECT

public:
    explicit StageRail(QWidget* parent);

    void present(const StageRailData& rail);
    const StageRailData& shown() const { return m_shown; }
    /// Where a stage is painted, in this widget.
    QRect stageRect(qsizetype stage) const;

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Grid {
        int columns{1};
        int columnWidth{0};
        int rowHeight{0};
    };
    Grid grid(int width) const;
    int stageHeight(const StageRailData::Stage& stage, int width) const;
    void paintStage(QPainter& painter, const StageRailData::Stage& stage, const QRect& place) const;

    StageRailData m_shown{};
};

} // namespace sluice::ui
