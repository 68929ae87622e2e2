// SPDX-License-Identifier: GPL-3.0-or-later
// Replaced by the rules of people and gates.
namespace sluice::policy {
}
