// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Marks English text of core for the translators of the console (lupdate reads it as
/// QT_TRANSLATE_NOOP); core and the command line use the English as it stands.
#define SLUICE_TEXT(context, text) text
