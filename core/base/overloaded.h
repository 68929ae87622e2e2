// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sluice {

/// Builds one visitor for std::visit from several lambdas.
template <class... F>
struct overloaded : F... {
    using F::operator()...;
};
template <class... F>
overloaded(F...) -> overloaded<F...>;

} // namespace sluice
