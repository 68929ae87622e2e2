// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "app/composition/simulated_fleet.h"
#include "core/sim/memory_journal.h"

namespace sluice::simulation {

struct Life;

/// Bugs planted behind the ports. The invariants must find each of them: a check that cannot fail checks nothing.
enum class Mutant {
    None,
    VerifiesWithoutReading, ///< the router says "verified" whatever the proxies hold
    DoublesWeight,          ///< the router asks the proxies for twice the share
    IgnoresSafe,            ///< the router loses orders to the safe state
    DoesNotFence,           ///< the journal stores what an outdated holder appends
    ForgetsAppends,         ///< the journal says "stored" and stores nothing, now and then
    TakesLeases,            ///< the journal gives a lease to whoever asks
    OldDataIsNew,           ///< the metric source repeats its last answer with a fresh time
    SeesNoErrors,           ///< the metric source drops the series of failed requests
    ReadyTooEarly,          ///< the deployer calls instances ready that still start
    HidesStops,             ///< the safety files deny an emergency stop
    FastClock,              ///< the clock runs half as fast again
};
const std::vector<Mutant>& allMutants();
std::string_view mutantName(Mutant mutant);

/// Puts the bug between an engine and its ports, before it starts.
void plant(Mutant mutant, Life& life, sim::MemoryStore& store, engine::EngineParts& parts);
/// Those that lie in what the ports say.
void tamper(Mutant mutant, app::SimulatedEngine& engine);

} // namespace sluice::simulation
