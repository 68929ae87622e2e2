// SPDX-License-Identifier: GPL-3.0-or-later
// The ports are interfaces; including them here proves that each header stands alone.
#include "core/ports/clock.h"
#include "core/ports/journal.h"
#include "core/ports/metric_source.h"
#include "core/ports/port_message.h"
#include "core/ports/traffic_router.h"
#include "core/ports/workload_controller.h"
