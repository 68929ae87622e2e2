// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/seeds/seed_rows.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QSet>

namespace sluice::seeds {

namespace {

Error mistake(const QString& name, int line, const QString& what)
{
    return {Fault::BadInput, QStringLiteral("%1:%2: %3").arg(name).arg(line).arg(what).toStdString()};
}

} // namespace

Result<std::vector<SeedRow>> parseSeedRows(const QString& text, const QString& name)
{
    static const QRegularExpression id(QStringLiteral("^[A-Z]-[0-9]+\\.[0-9]{2}$"));
    std::vector<SeedRow> rows;
    int number = 0;
    for (const QString& line : text.split(u'\n')) {
        ++number;
        if (line.isEmpty() || line.startsWith(u'#')) continue;
        const QStringList cells = line.split(u'\t');
        if (cells.size() != 3)
            return mistake(name, number, QStringLiteral("%1 cells; a row has three between tabs").arg(cells.size()));
        if (!id.match(cells[0]).hasMatch())
            return mistake(name, number, QStringLiteral("'%1' is no id such as O-1.09").arg(cells[0]));
        if (cells[2].isEmpty()) return mistake(name, number, QStringLiteral("nothing is asked"));
        rows.push_back({cells[0], cells[1], cells[2], number});
    }
    return rows;
}

Result<std::vector<SeedRow>> readSeedRows(const QString& folder)
{
    std::vector<SeedRow> all;
    QSet<QString> known;
    for (const QString& name : QDir(folder).entryList({QStringLiteral("*.tsv")}, QDir::Files, QDir::Name)) {
        QFile file(QDir(folder).filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            return Error{Fault::Unreachable,
                         (file.fileName() + QStringLiteral(": ") + file.errorString()).toStdString()};
        auto rows = parseSeedRows(QString::fromUtf8(file.readAll()), name);
        if (!rows.ok()) return rows;
        for (SeedRow& row : rows.value()) {
            if (known.contains(row.id)) return mistake(name, row.line, QStringLiteral("%1 stands twice").arg(row.id));
            known.insert(row.id);
            all.push_back(std::move(row));
        }
    }
    if (all.empty()) return Error{Fault::BadInput, (folder + QStringLiteral(": no rows")).toStdString()};
    return all;
}

} // namespace sluice::seeds
