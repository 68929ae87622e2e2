// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleet_table.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <algorithm>

#include "ui/fleet/fleet_delegate.h"
#include "ui/theme/fonts.h"

namespace sluice::ui {

namespace {

constexpr qsizetype kMeasured = 20'000; // widths kept; a fleet of thousands has a few different words a row
constexpr int kLeastLine = 60;
constexpr int kLeastBar = 30;
constexpr int kLeastWaits = 140;
constexpr int kBestWaits = 260;

enum Face { kStrong, kMono, kPlain };

int faceOf(int column)
{
    if (column == FleetModel::Service) return kStrong;
    return column == FleetModel::Version ? kMono : kPlain;
}

QFont fontOf(int face)
{
    if (face == kStrong) return textFont(13, QFont::Medium);
    return face == kMono ? monoFont(12) : textFont(13);
}

bool wraps(int column)
{
    return column == FleetModel::State || column == FleetModel::Share || column == FleetModel::Waits;
}

} // namespace

QFont FleetCell::font(int column)
{
    return fontOf(faceOf(column));
}

FleetTable::FleetTable(QWidget* parent)
    : QTableView(parent)
    , m_model(new FleetModel(this))
{
    setObjectName(QStringLiteral("fleet.table"));
    setModel(m_model);
    setItemDelegate(new FleetDelegate(this));
    verticalHeader()->hide();
    verticalHeader()->setMinimumSectionSize(FleetCell::kRow);
    verticalHeader()->setDefaultSectionSize(FleetCell::kRow);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setMinimumSectionSize(1);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    setShowGrid(false);
    setWordWrap(true);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setTabKeyNavigation(false);
    connect(this, &QAbstractItemView::doubleClicked, this, &FleetTable::openCurrent);
}

void FleetTable::present(const QList<FleetRow>& rows, const QString& lineTitle)
{
    const QString target = current();
    m_model->setLineTitle(lineTitle);
    m_model->setDirection(layoutDirection());
    if (m_model->present(rows)) {
        // The keyboard stays on its service when rows move.
        const int row = std::max(0, m_model->rowOf(target));
        if (row < m_model->rowCount()) setCurrentIndex(m_model->index(row, 0));
    }
    fit();
}

QString FleetTable::current() const
{
    return currentIndex().isValid() ? m_model->row(currentIndex().row()).target : QString();
}

void FleetTable::openCurrent()
{
    if (!currentIndex().isValid()) return;
    const QString rollout = m_model->row(currentIndex().row()).rollout;
    if (!rollout.isEmpty()) emit rolloutAsked(rollout);
}

void FleetTable::keyPressEvent(QKeyEvent* event)
{
    const auto step = [this](int by) {
        const int row = std::clamp(currentIndex().row() + by, 0, std::max(0, m_model->rowCount() - 1));
        setCurrentIndex(m_model->index(row, 0));
    };
    switch (event->key()) {
    case Qt::Key_J: step(1); return;
    case Qt::Key_K: step(-1); return;
    case Qt::Key_Return:
    case Qt::Key_Enter: openCurrent(); return;
    default: break;
    }
    // Letters are keys here, not a search that jumps through the rows.
    if (event->text().isEmpty() || event->text().front().isSpace())
        QTableView::keyPressEvent(event);
    else
        event->ignore();
}

void FleetTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    fit();
}

void FleetTable::changeEvent(QEvent* event)
{
    QTableView::changeEvent(event);
    if (event->type() != QEvent::StyleChange && event->type() != QEvent::FontChange) return;
    m_measured = {};
    m_words = {};
}

int FleetTable::textWidth(const QString& text, int face)
{
    QHash<QString, int>& measured = m_measured[static_cast<size_t>(face)];
    if (measured.size() > kMeasured) measured.clear();
    const auto known = measured.constFind(text);
    if (known != measured.constEnd()) return *known;
    return *measured.insert(text, QFontMetrics(fontOf(face)).horizontalAdvance(text));
}

int FleetTable::longestWord(const QString& text, int face)
{
    QHash<QString, int>& known = m_words[static_cast<size_t>(face)];
    if (known.size() > kMeasured) known.clear();
    if (const auto found = known.constFind(text); found != known.constEnd()) return *found;
    int longest = 0;
    for (const QString& word : text.split(QLatin1Char(' ')))
        longest = std::max(longest, textWidth(word, face));
    return *known.insert(text, longest);
}

/// What every column needs with its words on one line, and what it can do with.
void FleetTable::measure(Widths& full, Widths& least)
{
    for (int column = 0; column < FleetModel::kColumns; ++column) {
        const auto at = static_cast<size_t>(column);
        // A heading may break between words, never inside one.
        const QString title = m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        full[at] = least[at] = longestWord(title, kStrong) + 1;
        if (column == FleetModel::Line) continue;
        const int face = faceOf(column);
        for (int row = 0; row < m_model->rowCount(); ++row) {
            const QString words = m_model->index(row, column).data().toString();
            full[at] = std::max(full[at], textWidth(words, face) + 1);
            least[at] = std::max(least[at], wraps(column) ? longestWord(words, face) + 1 : full[at]);
        }
    }
    full[FleetModel::Waits] = std::max(least[FleetModel::Waits], std::min(kBestWaits, full[FleetModel::Waits]));
    least[FleetModel::Waits] = std::max(least[FleetModel::Waits], kLeastWaits);
    full[FleetModel::Line] = std::max(full[FleetModel::Line], FleetCell::kLine);
    least[FleetModel::Line] = std::max(least[FleetModel::Line], kLeastLine);
}

void FleetTable::fit()
{
    Widths widths{};
    Widths least{};
    measure(widths, least);
    m_bar = FleetCell::kBar + FleetCell::kGap;
    bool owner = true;
    bool line = true;
    const auto missing = [&] {
        int all = m_bar;
        for (int column = 0; column < FleetModel::kColumns; ++column)
            if ((column != FleetModel::Owner || owner) && (column != FleetModel::Line || line))
                all += widths[static_cast<size_t>(column)] + 2 * FleetCell::kMargin;
        return all - viewport()->width();
    };
    const auto take = [&missing](int& from, int atLeast) {
        if (missing() > 0) from -= std::clamp(missing(), 0, std::max(0, from - atLeast));
    };
    // What a narrow window gives up, the dearest last. All of it is on the rollout's own page too.
    take(widths[FleetModel::Line], least[FleetModel::Line]);
    take(m_bar, kLeastBar + FleetCell::kGap);
    if (missing() > 0) owner = false;
    take(widths[FleetModel::Waits], least[FleetModel::Waits]);
    if (missing() > 0) line = false;
    take(m_bar, 0);
    if (m_bar < kLeastBar) m_bar = 0;
    take(widths[FleetModel::Share], least[FleetModel::Share]);
    take(widths[FleetModel::State], least[FleetModel::State]);
    widths[FleetModel::Waits] += std::max(0, -missing());
    widths[FleetModel::Share] += m_bar;
    setColumnHidden(FleetModel::Owner, !owner);
    setColumnHidden(FleetModel::Line, !line);
    for (int column = 0; column < FleetModel::kColumns; ++column) {
        const int width = widths[static_cast<size_t>(column)] + 2 * FleetCell::kMargin;
        if (!isColumnHidden(column) && columnWidth(column) != width) setColumnWidth(column, width);
    }
    fitHeights();
}

int FleetTable::linesHeight(const QString& words, int width, int face) const
{
    return QFontMetrics(fontOf(face)).boundingRect(QRect(0, 0, width, 10'000), Qt::TextWordWrap, words).height();
}

void FleetTable::fitHeights()
{
    int head = 0;
    for (int column = 0; column < FleetModel::kColumns; ++column) {
        if (isColumnHidden(column)) continue;
        const QString title = m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        head = std::max(head, linesHeight(title, columnWidth(column) - 2 * FleetCell::kMargin, kStrong));
    }
    horizontalHeader()->setFixedHeight(head + 2 * FleetCell::kMargin);
    for (int row = 0; row < m_model->rowCount(); ++row) {
        int height = FleetCell::kRow;
        for (const int column : {FleetModel::State, FleetModel::Share, FleetModel::Waits}) {
            const QString words = m_model->index(row, column).data().toString();
            const int room = columnWidth(column) - 2 * FleetCell::kMargin - (column == FleetModel::Share ? m_bar : 0);
            if (textWidth(words, faceOf(column)) > room)
                height = std::max(height, linesHeight(words, room, faceOf(column)) + FleetCell::kMargin);
        }
        if (rowHeight(row) != height) setRowHeight(row, height);
    }
}

} // namespace sluice::ui
