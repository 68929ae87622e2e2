// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "tests/tidy/source_file.h"

namespace sluice::tidy {

/// A function with its body: from the first line of its head to its closing brace, lambdas inside included.
struct FunctionSpan {
    QString name{};
    int firstLine{0};
    int lastLine{0};
    int lines() const { return lastLine - firstLine + 1; }
};

struct Functions {
    std::vector<FunctionSpan> spans{};
    bool balanced{true}; ///< false: the braces do not match, so the spans cannot be trusted
};

/// Finds functions by their braces. Namespaces, classes, enums and initialisers are not functions; a lambda that
/// initialises a variable outside any function is one.
Functions functionsOf(const SourceFile& file);

} // namespace sluice::tidy
