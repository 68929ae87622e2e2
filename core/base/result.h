// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "core/base/check.h"

namespace sluice {

/// Why something expected could not be done. The command line turns it into an exit code.
enum class Fault {
    BadInput,    ///< the caller's text or arguments are wrong (exit 2)
    Refused,     ///< policy says no, and will say no again until something changes (exit 3)
    Unreachable, ///< something needed is out of reach (exit 4)
    Unknown,     ///< it may have happened: read the world back before acting again (exit 4)
    Internal,    ///< a promise inside Sluice broke, e.g. a damaged journal (exit 4)
};

/// An expected failure: what kind, and one whole English sentence for people.
struct Error {
    Fault fault{Fault::Internal};
    std::string detail{};
    friend bool operator==(const Error&, const Error&) = default;
};

/// A value or an Error. Always looked at; exceptions never cross a room.
template <class T>
class [[nodiscard]] Result {
public:
    Result(T value)
        : m_state(std::in_place_index<0>, std::move(value))
    {
    }
    Result(Error error)
        : m_state(std::in_place_index<1>, std::move(error))
    {
    }

    bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }

    /// The value; asking for it when there is an error is a bug and stops the program.
    const T& value() const&
    {
        SLUICE_CHECK(ok());
        return std::get<0>(m_state);
    }
    T& value() &
    {
        SLUICE_CHECK(ok());
        return std::get<0>(m_state);
    }
    T&& value() &&
    {
        SLUICE_CHECK(ok());
        return std::get<0>(std::move(m_state));
    }
    const Error& error() const
    {
        SLUICE_CHECK(!ok());
        return std::get<1>(m_state);
    }

private:
    std::variant<T, Error> m_state;
};

/// Outcome of an act that yields nothing.
struct Done {
    friend bool operator==(Done, Done) = default;
};
using Outcome = Result<Done>;

} // namespace sluice
