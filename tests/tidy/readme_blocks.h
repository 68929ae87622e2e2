// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QString>
#include <QStringList>

namespace sluice::tidy {

/// A fenced ```sh block of a document that stands under a mark, or a wait between two of them:
///   <!-- tested -->              every command is run; the block has to end with 0
///   <!-- tested exit=1 -->       … with 1
///   <!-- tested lab -->          all blocks marked so are one shell session, in order, with a lab that runs
///   <!-- wait: COMMAND -->       the session goes on when COMMAND succeeds, as a reader would look and go on
/// Blocks without a mark are for people alone.
struct ShellBlock {
    int line{0}; ///< of the opening fence or of the wait, from 1
    int expectedExit{0};
    bool inLab{false};
    bool isWait{false}; ///< `lines` is the one command
    QStringList lines{};
};

/// All marked blocks, in order. A mark without a block of its own is reported in `problems`.
std::vector<ShellBlock> testedBlocks(const QString& markdown, QStringList& problems);

/// Commands that a test must not carry out: those that install packages or open windows (./dev, apt, sudo). Only their
/// first word is looked up, and for ./dev its subcommand.
bool isOnlyLookedUp(const QString& commandLine);

/// The blocks as one bash script, with the commands that are only looked up replaced by nothing. It ends what it
/// started, and says at which line of the document it failed.
QString runnableScript(const std::vector<ShellBlock>& blocks);

} // namespace sluice::tidy
