// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QString>
#include <QStringList>

namespace sluice::tidy {

/// A fenced ```sh block of a document that stands under a mark:
///   <!-- tested -->          every command is run; the block has to end with 0
///   <!-- tested exit=1 -->   … with 1
/// Blocks without the mark are for people alone.
struct ShellBlock {
    int line{0}; ///< of the opening fence, from 1
    int expectedExit{0};
    QStringList lines{};
};

/// All marked blocks, in order. A mark without a block of its own is reported in `problems`.
std::vector<ShellBlock> testedBlocks(const QString& markdown, QStringList& problems);

/// Commands that a test must not carry out: those that install packages or open windows (./dev, apt, sudo). Only their
/// first word is looked up, and for ./dev its subcommand.
bool isOnlyLookedUp(const QString& commandLine);

/// The block as one bash script, with the commands that are only looked up replaced by nothing.
QString runnableScript(const ShellBlock& block);

} // namespace sluice::tidy
