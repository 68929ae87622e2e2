// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/walk.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAccessible>
#include <QApplication>
#include <QFontMetrics>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QWidget>
#include <algorithm>

namespace sluice::test {

namespace {

QString described(const QWidget* widget)
{
    const QString path = widget->parentWidget() == nullptr ? QString() : widget->parentWidget()->objectName();
    return QStringLiteral("%1 \"%2\" in \"%3\"")
        .arg(QString::fromLatin1(widget->metaObject()->className()), widget->objectName(), path);
}

template <class W, class Bad>
QStringList collect(QWidget* root, Bad bad)
{
    QStringList out;
    for (W* widget : root->findChildren<W*>()) {
        // Parts inside Qt's own widgets are Qt's business.
        if (!widget->isVisibleTo(root) || widget->objectName().startsWith(QLatin1String("qt_"))) continue;
        const QString what = bad(widget);
        if (!what.isEmpty()) out << described(widget) + QLatin1String(": ") + what;
    }
    return out;
}

QString accessibleName(QWidget* widget)
{
    QAccessibleInterface* seen = QAccessible::queryAccessibleInterface(widget);
    return seen == nullptr ? widget->accessibleName() : seen->text(QAccessible::Name);
}

bool isQtPart(const QWidget* widget)
{
    return qobject_cast<const QScrollBar*>(widget) != nullptr || widget->inherits("QTableCornerButton");
}

} // namespace

QStringList unnamed(QWidget* root)
{
    return collect<QWidget>(root, [](QWidget* widget) -> QString {
        if ((widget->focusPolicy() & Qt::TabFocus) == 0 || isQtPart(widget)) return {};
        if (widget->objectName().isEmpty()) return QStringLiteral("no object name");
        return accessibleName(widget).isEmpty() ? QStringLiteral("no accessible name") : QString();
    });
}

QStringList silentlyDisabled(QWidget* root)
{
    return collect<QAbstractButton>(root, [](QAbstractButton* button) -> QString {
        if (button->isEnabled()) return {};
        if (button->toolTip().isEmpty()) return QStringLiteral("disabled without a tool tip");
        return button->accessibleDescription().isEmpty() ? QStringLiteral("disabled without a description") : QString();
    });
}

QStringList clipped(QWidget* root)
{
    QStringList out = collect<QLabel>(root, [](QLabel* label) -> QString {
        if (label->text().isEmpty()) return {};
        const QSize needed = label->wordWrap()
                                 ? QSize(label->minimumSizeHint().width(), label->heightForWidth(label->width()))
                                 : label->sizeHint();
        if (label->width() + 1 < needed.width() || label->height() + 1 < needed.height())
            return QStringLiteral("\"%1\" needs %2×%3 and has %4×%5")
                .arg(label->text())
                .arg(needed.width())
                .arg(needed.height())
                .arg(label->width())
                .arg(label->height());
        return {};
    });
    out += collect<QAbstractButton>(root, [](QAbstractButton* button) -> QString {
        const QSize needed = button->sizeHint();
        if (button->width() + 1 >= needed.width() && button->height() + 1 >= needed.height()) return {};
        return QStringLiteral("\"%1\" needs %2 px and has %3")
            .arg(button->text())
            .arg(needed.width())
            .arg(button->width());
    });
    return out;
}

QStringList besideTheView(QWidget* root)
{
    return collect<QScrollArea>(root, [](QScrollArea* area) -> QString {
        const int has = area->viewport()->width();
        const int needs = area->widget() == nullptr ? 0 : area->widget()->width();
        const bool reachable = area->horizontalScrollBarPolicy() != Qt::ScrollBarAlwaysOff;
        if (reachable || needs <= has) return {};
        return QStringLiteral("%1 px of %2 cannot be seen").arg(needs - has).arg(needs);
    });
}

/// Rows that name their own height: what their words need in that width.
static QSize wrapped(const QModelIndex& index, int width)
{
    const auto font = index.data(Qt::FontRole);
    const QFontMetrics metrics(font.isValid() ? font.value<QFont>() : QApplication::font());
    int longest = 0;
    for (const QString& word : index.data().toString().split(QLatin1Char(' ')))
        longest = std::max(longest, metrics.horizontalAdvance(word));
    const QRect box =
        metrics.boundingRect(QRect(0, 0, std::max(1, width - 8), 1'000), Qt::TextWordWrap, index.data().toString());
    return {longest, box.height()};
}

QStringList elided(QWidget* root)
{
    return collect<QAbstractItemView>(root, [](QAbstractItemView* view) -> QString {
        const QAbstractItemModel* model = view->model();
        QStringList bad;
        for (int row = 0; model != nullptr && row < model->rowCount(); ++row)
            for (int column = 0; column < model->columnCount(); ++column) {
                const QModelIndex index = model->index(row, column);
                const QSize has = view->visualRect(index).size();
                const QString words = index.data().toString();
                QSize needs = view->sizeHintForIndex(index);
                if (index.siblingAtColumn(0).data(Qt::SizeHintRole).isValid()) needs = wrapped(index, has.width());
                if (has.isEmpty() || words.isEmpty()) continue; // a hidden column shows nothing
                if (has.width() + 1 < needs.width() || has.height() + 1 < needs.height())
                    bad << QStringLiteral("\"%1\" needs %2×%3 and has %4×%5")
                               .arg(words)
                               .arg(needs.width())
                               .arg(needs.height())
                               .arg(has.width())
                               .arg(has.height());
            }
        return bad.join(QStringLiteral("; "));
    });
}

QStringList tooSmall(QWidget* root)
{
    return collect<QAbstractButton>(root, [](QAbstractButton* button) -> QString {
        if (button->width() >= 24 && button->height() >= 24) return {};
        return QStringLiteral("%1×%2 px").arg(button->width()).arg(button->height());
    });
}

} // namespace sluice::test
