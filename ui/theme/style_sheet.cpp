// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/style_sheet.h"

#include <QStringList>
#include <utility>
#include <vector>

namespace sluice::ui {

namespace {

/// Replaces @role by its colour; longer names first, so that @line never eats into another role.
QString filled(QString text, const Palette& p)
{
    const std::vector<std::pair<const char*, QColor>> roles{
        {"@fadedCanary", p.fadedCanary},
        {"@onFadedCanary", p.onFadedCanary},
        {"@onCritical", p.onCritical},
        {"@onCanary", p.onCanary},
        {"@canaryTint", p.canaryTint},
        {"@critical", p.critical},
        {"@warning", p.warning},
        {"@canary", p.canary},
        {"@window", p.window},
        {"@raised", p.raised},
        {"@second", p.second},
        {"@stable", p.stable},
        {"@panel", p.panel},
        {"@third", p.third},
        {"@line", p.line},
        {"@text", p.text},
        {"@ok", p.ok},
    };
    for (const auto& [role, colour] : roles)
        text.replace(QLatin1String(role), colour.name());
    return text;
}

QString frames()
{
    return QStringLiteral(R"(
        *[look="window"], QStackedWidget, QScrollArea, QScrollArea > QWidget > QWidget { background: @window; }
        *[look="rail"] { background: @panel; border: 0; border-@end: 1px solid @line; }
        *[look="strip"] { background: @panel; border: 0; border-top: 1px solid @line; }
        *[look="card"] { background: @panel; border: 1px solid @line; border-radius: 8px; }
        *[look="sheet"] { background: @panel; border: 1px solid @line; border-radius: 12px; }
        *[look="waits"] { background: @panel; border: 1px solid @line; border-radius: 6px; }
        *[look="waits"][tone="warning"] { border-@start: 3px solid @warning; }
        *[look="waits"][tone="critical"] { border-@start: 3px solid @critical; }
        *[look="waits"][tone="canary"] { border-@start: 3px solid @canary; }
        *[look="note"] { background: transparent; border: 0; border-@start: 3px solid @warning; }
        *[look="armed"] { background: @panel; border: 0; border-bottom: 2px solid @critical; }
        *[look="banner"] { background: @raised; border: 0; border-bottom: 1px solid @warning; }
        *[look="toast"] { background: @raised; border: 1px solid @line; border-radius: 8px; }
        *[look="rule"] { background: @line; border: 0; max-height: 1px; min-height: 1px; }
        QScrollArea { border: 0; }
    )");
}

QString labels()
{
    return QStringLiteral(R"(
        QLabel { background: transparent; border: 0; color: @text; }
        QLabel[look="brand"] { font-size: 15px; font-weight: 700; }
        QLabel[look="title"] { font-size: 19px; font-weight: 700; }
        QLabel[look="sheetTitle"] { font-size: 17px; font-weight: 700; }
        QLabel[look="subtitle"] { font-size: 15px; font-weight: 700; }
        QLabel[look="strong"] { font-weight: 500; }
        QLabel[look="head"] { font-size: 12px; font-weight: 500; color: @second; }
        QLabel[look="small"] { font-size: 12px; color: @second; }
        QLabel[look="score"] { font-size: 44px; font-weight: 700; }
        QLabel[look="big"] { font-size: 28px; font-weight: 700; }
        QLabel[look="value"] { font-size: 17px; font-weight: 700; color: @canary; }
        QLabel[look="mono"] { font-family: "JetBrains Mono"; font-size: 12px; }
        QLabel[look="monoBig"] { font-family: "JetBrains Mono"; font-size: 19px; }
        QLabel[look="pill"] { font-size: 12px; color: @second; border: 1px solid @line; border-radius: 10px;
                              padding: 1px 8px; }
        QLabel[look="pill"][tone="warning"] { color: @warning; border-color: @warning; }
        QLabel[look="pill"][tone="critical"] { color: @critical; border-color: @critical; }
        QLabel[look="pill"][tone="ok"] { color: @second; border-color: @line; }
        QLabel[look="pill"][tone="canary"] { color: @canary; border-color: @canary; }
        QLabel[look="armedPill"] { font-weight: 700; color: @onCritical; background: @critical; border-radius: 6px;
                                   padding: 5px 10px; }
        QLabel[tone="text"] { color: @text; }
        QLabel[tone="second"] { color: @second; }
        QLabel[tone="third"] { color: @third; }
        QLabel[tone="stable"] { color: @stable; }
        QLabel[tone="canary"] { color: @canary; }
        QLabel[tone="ok"] { color: @ok; }
        QLabel[tone="warning"] { color: @warning; }
        QLabel[tone="critical"] { color: @critical; }
    )");
}

QString buttons()
{
    return QStringLiteral(R"(
        QPushButton { font-weight: 500; color: @text; background: @raised; border: 1px solid @line;
                      border-radius: 6px; padding: 7px 13px; min-height: 16px; }
        QPushButton:hover { border-color: @third; }
        QPushButton:focus { border-color: @canary; outline: 0; }
        QPushButton:disabled { color: @third; background: @panel; }
        QPushButton[look="primary"] { color: @onCanary; background: @canary; border-color: @canary; }
        QPushButton[look="primary"]:focus { border: 2px solid @text; padding: 6px 12px; }
        QPushButton[look="primary"]:disabled { color: @onFadedCanary; background: @fadedCanary;
                                               border-color: @fadedCanary; }
        QPushButton[look="danger"] { color: @critical; background: @panel; border-color: @critical; }
        QPushButton[look="dangerStrong"] { color: @critical; background: @panel; border: 2px solid @critical;
                                           padding: 6px 12px; }
        QPushButton[look="danger"]:focus, QPushButton[look="dangerStrong"]:focus { background: @raised;
                                           border: 2px solid @text; padding: 6px 12px; }
        QPushButton[look="danger"]:disabled, QPushButton[look="dangerStrong"]:disabled { color: @third;
                                           border-color: @line; }
        QPushButton[look="fire"] { color: @onCritical; background: @critical; border-color: @critical;
                                   padding: 10px 22px; }
        QPushButton[look="link"] { color: @canary; background: transparent; border: 1px solid transparent;
                                   padding: 3px 4px; font-weight: 400; }
        QPushButton[look="link"]:focus { border-color: @canary; }
        QPushButton[look="chip"] { font-size: 12px; font-weight: 400; color: @second; background: transparent;
                                   border-radius: 12px; padding: 3px 9px; }
        QPushButton[look="chip"][tone="warning"] { color: @warning; border-color: @warning; }
        QPushButton[look="chip"][tone="critical"] { color: @critical; border-color: @critical; }
        QPushButton[look="chip"]:focus { background: @raised; border-color: @canary; }
        QPushButton[look="rail"] { text-align: @start; color: @second; background: transparent; font-weight: 400;
                                   border: 1px solid transparent; border-@start: 2px solid transparent;
                                   border-radius: 6px; padding: 7px 9px; }
        QPushButton[look="rail"]:hover { color: @text; }
        QPushButton[look="rail"]:focus { border-color: @canary; }
        QPushButton[look="rail"]:checked { color: @text; font-weight: 500; background: @raised;
                                           border-@start-color: @canary; }
    )");
}

QString fields()
{
    return QStringLiteral(R"(
        QLineEdit, QPlainTextEdit, QComboBox { color: @text; background: @raised; border: 1px solid @line;
            border-radius: 6px; padding: 6px 9px; min-height: 16px; selection-background-color: @canary;
            selection-color: @onCanary; }
        QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus { border-color: @canary; }
        QComboBox::drop-down { border: 0; width: 24px; }
        QComboBox::down-arrow { width: 0; height: 0; border-left: 4px solid @raised; border-right: 4px solid @raised;
            border-top: 5px solid @second; }
        QComboBox QAbstractItemView { color: @text; background: @raised; border: 1px solid @line; }
        QCheckBox { color: @text; spacing: 8px; padding: 3px; border: 1px solid transparent; border-radius: 4px; }
        QCheckBox::indicator { width: 12px; height: 12px; border: 1px solid @third; border-radius: 3px;
            background: @raised; }
        QCheckBox::indicator:checked { width: 6px; height: 6px; border: 4px solid @canary; border-radius: 3px;
            background: @onCanary; }
        QCheckBox:focus { border-color: @canary; }
        QCheckBox:disabled { color: @third; }
        QToolButton { color: @text; background: transparent; border: 1px solid transparent; border-radius: 4px;
            padding: 4px; }
        QToolButton:hover { border-color: @third; }
        QToolButton:checked { background: @raised; border-color: @line; }
        QToolButton:focus { border-color: @canary; }
        QToolTip { color: @text; background: @raised; border: 1px solid @line; padding: 4px; }
        QListView, QTableView, QTreeView { color: @text; background: @panel; border: 0;
            alternate-background-color: @panel; selection-background-color: @canaryTint; selection-color: @text;
            gridline-color: @line; outline: 0; }
        QListView:focus, QTableView:focus, QTreeView:focus { border: 1px solid @canary; border-radius: 4px; }
        QTableView::item { border: 0; border-bottom: 1px solid @line; padding: 0 8px; }
        QTableView::item:selected { background: @canaryTint; color: @text; }
        QListView::item { padding: 5px 8px; border-radius: 4px; }
        QListView::item:selected { background: @canaryTint; color: @text; }
        QHeaderView { background: @panel; border: 0; }
        QHeaderView::section { color: @second; background: @panel; border: 0; border-bottom: 1px solid @line;
            font-weight: 500; padding: 6px 8px; }
        QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
        QScrollBar::handle:vertical { background: @line; border-radius: 4px; min-height: 24px; margin: 1px; }
        QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
        QScrollBar::handle:horizontal { background: @line; border-radius: 4px; min-width: 24px; margin: 1px; }
        QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
        QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
    )");
}

} // namespace

QString styleSheet(const Palette& palette, Qt::LayoutDirection direction)
{
    // Style sheets know left and right alone; what leans on an edge is written as @start and @end.
    const bool mirrored = direction == Qt::RightToLeft;
    QString sheet = filled(frames() + labels() + buttons() + fields(), palette);
    sheet.replace(QLatin1String("@start"), QLatin1String(mirrored ? "right" : "left"));
    return sheet.replace(QLatin1String("@end"), QLatin1String(mirrored ? "left" : "right"));
}

} // namespace sluice::ui
