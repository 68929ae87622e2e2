// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/evidence_export.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSaveFile>

#include "ui/bridge/text.h"

namespace sluice::ui {

namespace {

QString utcText(WallTime at)
{
    return QDateTime::fromMSecsSinceEpoch(micros(at) / 1000, Qt::UTC).toString(Qt::ISODateWithMs);
}

/// Stored bodies are canonical JSON already; they go in as they are.
QJsonValue stored(const std::string& json)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
}

QJsonObject eventJson(const ports::StoredEvent& event, const std::string& words)
{
    return {{QStringLiteral("gseq"), static_cast<qint64>(event.gseq)},
            {QStringLiteral("version"), static_cast<qint64>(event.version)},
            {QStringLiteral("epoch"), static_cast<qint64>(event.epoch)},
            {QStringLiteral("at"), utcText(event.event.at)},
            {QStringLiteral("at_us"), static_cast<qint64>(micros(event.event.at))},
            {QStringLiteral("type"), text(event.event.type)},
            {QStringLiteral("schema"), event.event.schema},
            {QStringLiteral("text"), text(words)},
            {QStringLiteral("actor"), stored(event.event.actor)},
            {QStringLiteral("body"), stored(event.event.body)},
            {QStringLiteral("inbox"), text(event.event.inboxId)},
            {QStringLiteral("previous_hash"), text(event.previousHash)},
            {QStringLiteral("hash"), text(event.hash)}};
}

} // namespace

QByteArray evidenceJson(const engine::RolloutHistory& history)
{
    const rollout::Rollout& state = history.view.state;
    QJsonArray events;
    for (size_t i = 0; i < history.events.size(); ++i)
        events.append(eventJson(history.events[i], history.view.log[i].text));
    const QString ended = state.endedAt ? utcText(*state.endedAt) : QString();
    const QJsonObject root{{QStringLiteral("format"), QStringLiteral("sluice-evidence-1")},
                           {QStringLiteral("zone"), QStringLiteral("UTC")},
                           {QStringLiteral("rollout"), text(state.id.value)},
                           {QStringLiteral("target"), text(state.target.value)},
                           {QStringLiteral("from_version"), text(state.fromVersion)},
                           {QStringLiteral("to_version"), text(state.toVersion)},
                           {QStringLiteral("playbook"), text(state.playbookName)},
                           {QStringLiteral("playbook_hash"), text(state.playbookHash)},
                           {QStringLiteral("started_by"), text(state.startedBy.value)},
                           {QStringLiteral("started_at"), utcText(state.startedAt)},
                           {QStringLiteral("ended_at"), ended.isEmpty() ? QJsonValue() : QJsonValue(ended)},
                           {QStringLiteral("phase"), text(std::string(rollout::phaseName(state.phase)))},
                           {QStringLiteral("events"), events}};
    return QJsonDocument(root).toJson(QJsonDocument::Indented);
}

QString evidenceFileName(const QString& service, const QString& environment, const QString& id)
{
    static const QRegularExpression strange(QStringLiteral("[^A-Za-z0-9._-]+"));
    QString name = QStringLiteral("%1-%2-%3").arg(service, environment, id);
    return name.replace(strange, QStringLiteral("_")) + QStringLiteral(".json");
}

Result<Done> writeWhole(const QString& path, const QByteArray& bytes)
{
    QSaveFile file(path);
    file.setDirectWriteFallback(false);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return Error{Fault::Unreachable, utf8(path) + " could not be written: " + utf8(file.errorString()) + "."};
    return Done{};
}

} // namespace sluice::ui
