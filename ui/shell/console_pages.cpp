// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/console_pages.h"

#include "ui/fleet/fleet_page.h"
#include "ui/history/history_page.h"
#include "ui/rollout/rollout_page.h"

namespace sluice::ui {

namespace {

template <class P>
Page* make(const PageContext& context, QWidget* parent)
{
    return new P(context, parent);
}

} // namespace

std::vector<PageFactory> consolePages()
{
    return {make<FleetPage>, make<RolloutPage>, make<HistoryPage>};
}

} // namespace sluice::ui
