// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/stage_rail_accessible.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <map>
#include <memory>

#include "ui/widgets/stage_rail.h"

namespace sluice::ui {

namespace {

/// One stage. Painted, so there is no QObject behind it.
class StageItem : public QAccessibleInterface {
public:
    StageItem(StageRail* rail, int stage)
        : m_rail(rail)
        , m_stage(stage)
    {
    }
    bool isValid() const override { return m_stage < m_rail->shown().stages.size(); }
    QObject* object() const override { return nullptr; }
    QWindow* window() const override { return nullptr; }
    QAccessibleInterface* parent() const override { return QAccessible::queryAccessibleInterface(m_rail); }
    QAccessibleInterface* child(int /*index*/) const override { return nullptr; }
    QAccessibleInterface* childAt(int /*x*/, int /*y*/) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface* /*child*/) const override { return -1; }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    void setText(QAccessible::Text /*which*/, const QString& /*text*/) override {}

    QString text(QAccessible::Text which) const override
    {
        if (!isValid() || (which != QAccessible::Name && which != QAccessible::Description)) return {};
        const auto& stage = m_rail->shown().stages.at(m_stage);
        return which == QAccessible::Name ? stage.title : stage.sentence;
    }
    QRect rect() const override
    {
        if (!isValid()) return {};
        const QRect place = m_rail->stageRect(m_stage);
        return {m_rail->mapToGlobal(place.topLeft()), place.size()};
    }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        state.readOnly = true;
        state.selected = isValid() && m_rail->shown().stages.at(m_stage).when == StageRailData::When::Current;
        return state;
    }

private:
    StageRail* m_rail;
    int m_stage;
};

class RailList : public QAccessibleWidget {
public:
    explicit RailList(StageRail* rail)
        : QAccessibleWidget(rail, QAccessible::List)
        , m_rail(rail)
    {
    }
    ~RailList() override
    {
        for (const auto& [stage, id] : m_ids)
            QAccessible::deleteAccessibleInterface(id);
    }
    int childCount() const override { return static_cast<int>(m_rail->shown().stages.size()); }
    QAccessibleInterface* child(int index) const override
    {
        if (index < 0 || index >= childCount()) return nullptr;
        auto found = m_ids.find(index);
        if (found == m_ids.end())
            found = m_ids.emplace(index, QAccessible::registerAccessibleInterface(new StageItem(m_rail, index))).first;
        return QAccessible::accessibleInterface(found->second);
    }
    QAccessibleInterface* childAt(int x, int y) const override
    {
        for (int i = 0; i < childCount(); ++i)
            if (child(i)->rect().contains(x, y)) return child(i);
        return nullptr;
    }
    int indexOfChild(const QAccessibleInterface* wanted) const override
    {
        for (int i = 0; i < childCount(); ++i)
            if (child(i) == wanted) return i;
        return -1;
    }

private:
    StageRail* m_rail;
    mutable std::map<int, QAccessible::Id> m_ids{};
};

QAccessibleInterface* makeInterface(const QString& /*key*/, QObject* object)
{
    auto* rail = qobject_cast<StageRail*>(object);
    return rail == nullptr ? nullptr : new RailList(rail);
}

} // namespace

void installStageRailAccessibility()
{
    // Installing the same function again changes nothing.
    QAccessible::installFactory(makeInterface);
}

} // namespace sluice::ui
