// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/actions/command_palette.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <vector>

#include "ui/actions/action_catalog.h"
#include "ui/theme/fonts.h"
#include "ui/theme/palette.h"

namespace sluice::ui {

namespace {

constexpr int kRowsShown = 12;
constexpr int kRowHeight = 30;
constexpr int kRowGap = 12;
constexpr int kTextWidth = 250; ///< what the sheet leaves for the name, a little less
constexpr int kWhyWidth = 300;  ///< a key, or why the action is asleep; sentences wrap

constexpr int kBegins = 3000;
constexpr int kWordsBegin = 2000;
constexpr int kInitials = 1500;
constexpr int kInside = 1000; ///< more than any scattered letters reach
constexpr int kAwake = 2;     ///< what can be done now, before what cannot

/// Each wanted word begins a word of the text, in this order.
bool wordsBegin(const QStringList& wanted, const QString& text)
{
    qsizetype next = 0;
    for (const QString& word : text.split(QLatin1Char(' ')))
        if (next < wanted.size() && word.startsWith(wanted.at(next), Qt::CaseInsensitive)) ++next;
    return next == wanted.size();
}

/// Letters in order; word starts and neighbours count more, and nothing but word starts is as good as words.
int scattered(const QString& letters, const QString& text)
{
    int score = 0;
    qsizetype at = 0;
    qsizetype last = -2;
    bool initials = true;
    const QString wanted = QString(letters).remove(QLatin1Char(' '));
    for (const QChar letter : wanted) {
        const qsizetype found = text.indexOf(letter, at, Qt::CaseInsensitive);
        if (found < 0) return -1;
        const bool wordStart = found == 0 || text.at(found - 1).isSpace();
        initials = initials && wordStart;
        score += wordStart ? 8 : 1;
        if (found == last + 1) score += 4;
        last = found;
        at = found + 1;
    }
    return initials ? kInitials : std::min(score, kInside - 1);
}

} // namespace

int matchScore(const QString& letters, const QString& text)
{
    const QString wanted = letters.simplified();
    if (wanted.isEmpty()) return 0;
    if (text.startsWith(wanted, Qt::CaseInsensitive)) return kBegins;
    if (wordsBegin(wanted.split(QLatin1Char(' ')), text)) return kWordsBegin;
    const int letterByLetter = scattered(wanted, text);
    return text.contains(wanted, Qt::CaseInsensitive) ? std::max(kInside, letterByLetter) : letterByLetter;
}

CommandPalette::CommandPalette(ActionCatalog& catalog, QWidget* over)
    : Sheet(tr("Do something"), over)
    , m_catalog(catalog)
    , m_input(new QLineEdit(this))
    , m_list(new QTreeWidget(this))
{
    m_input->setObjectName(QStringLiteral("palette.input"));
    m_input->setAccessibleName(tr("Find an action"));
    m_input->setPlaceholderText(tr("Type a few letters of what you want to do"));
    m_input->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("palette.list"));
    m_list->setAccessibleName(tr("Actions"));
    m_list->setColumnCount(2);
    m_list->setRootIsDecorated(false);
    m_list->setWordWrap(true);
    m_list->header()->hide();
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::Fixed);
    m_list->header()->resizeSection(1, kWhyWidth);
    m_list->setFixedHeight(kRowsShown * kRowHeight);
    content()->addWidget(m_input);
    content()->addWidget(m_list);
    connect(m_input, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(m_input, &QLineEdit::returnPressed, this, &CommandPalette::run);
    connect(m_list, &QTreeWidget::itemActivated, this, &CommandPalette::run);
    fill({});
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_input && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int step = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
        const int row = m_list->indexOfTopLevelItem(m_list->currentItem()) + step;
        if (step != 0 && row >= 0 && row < m_list->topLevelItemCount()) {
            m_list->setCurrentItem(m_list->topLevelItem(row));
            return true;
        }
    }
    return Sheet::eventFilter(watched, event);
}

void CommandPalette::fill(const QString& letters)
{
    struct Hit {
        ActionCatalog::Row row{};
        int score{0};
    };
    const bool asked = !letters.trimmed().isEmpty();
    std::vector<Hit> hits;
    for (const ActionCatalog::Row& row : m_catalog.rows()) {
        const int score = matchScore(letters, row.text);
        if (score < 0) continue;
        // Without a query the acts of this page come first, and an emergency is never what Enter does.
        const bool here = !asked && row.enabled && row.harmless && !row.page.isEmpty();
        hits.push_back({row, score + (row.enabled ? kAwake : 0) + (here ? kAwake : 0)});
    }
    std::ranges::stable_sort(hits, std::ranges::greater{}, &Hit::score);
    const auto last =
        std::ranges::stable_partition(hits, [asked](const Hit& hit) { return asked || hit.row.harmless; });

    const Palette p = colours(this);
    m_list->clear();
    for (const Hit& hit : hits) {
        auto* item = new QTreeWidgetItem(m_list, {hit.row.text, hit.row.enabled ? hit.row.key : hit.row.whyNot});
        item->setData(0, Qt::UserRole, hit.row.id);
        item->setForeground(0, hit.row.enabled ? p.text : p.third);
        item->setForeground(1, p.third);
        item->setFont(1, hit.row.enabled ? monoFont() : textFont(12));
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        const auto height = [item](int column, int width) {
            const QFontMetrics metrics(column == 0 ? textFont() : item->font(column));
            return metrics.boundingRect(QRect(0, 0, width, 1'000), Qt::TextWordWrap, item->text(column)).height();
        };
        const int needed = std::max(height(0, kTextWidth), height(1, kWhyWidth - kRowHeight));
        item->setSizeHint(0, QSize(0, std::max(kRowHeight, needed + kRowGap)));
    }
    if (last.begin() != hits.begin()) m_list->setCurrentItem(m_list->topLevelItem(0));
}

void CommandPalette::run()
{
    const QTreeWidgetItem* item = m_list->currentItem();
    if (item == nullptr) return;
    const QString id = item->data(0, Qt::UserRole).toString();
    ActionCatalog& catalog = m_catalog;
    // The sheet must be gone first: it is what keeps most actions asleep.
    closeSheet();
    catalog.trigger(id);
}

} // namespace sluice::ui
