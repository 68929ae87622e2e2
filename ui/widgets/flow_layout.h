// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>
#include <QList>

namespace sluice::ui {

/// Puts items in a row and breaks into more rows when the width ends, so that long languages wrap instead of being
/// cut. Items added with addTrailing() stand at the far end of their row. Mirrors in right-to-left languages.
class FlowLayout : public QLayout {
    Q_OBJECT

public:
    explicit FlowLayout(QWidget* parent = nullptr, int gap = 10, int rowGap = 6);
    ~FlowLayout() override;

    void addTrailing(QWidget* widget);

    void addItem(QLayoutItem* item) override;
    int count() const override { return static_cast<int>(m_items.size()); }
    QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return Qt::Horizontal; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSize() const override;
    void setGeometry(const QRect& rect) override;

private:
    struct Item {
        QLayoutItem* item{nullptr}; // owned
        bool trailing{false};
    };
    struct Row {
        QList<Item> items{};
        int width{0};
        int height{0};
    };
    QList<Row> rows(int width) const;
    void placeRow(const Row& row, const QRect& inside, int top) const;

    QList<Item> m_items{};
    int m_gap;
    int m_rowGap;
};

} // namespace sluice::ui
