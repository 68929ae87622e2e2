# SPDX-License-Identifier: GPL-3.0-or-later
# Compiles Debian's font files in, so that every screen looks alike on a machine that has no fonts. The files stay out
# of the source tree: they come from fonts-roboto-unhinted and fonts-jetbrains-mono.
set(SLUICE_FONT_ROOT /usr/share/fonts/truetype CACHE PATH "Where the font packages put their files")
set(SLUICE_FONT_FILES
    roboto/unhinted/RobotoTTF/Roboto-Regular.ttf
    roboto/unhinted/RobotoTTF/Roboto-Medium.ttf
    roboto/unhinted/RobotoTTF/Roboto-Bold.ttf
    jetbrains-mono/JetBrainsMono-Regular.ttf
)
set(copied)
foreach(font ${SLUICE_FONT_FILES})
    if(NOT EXISTS ${SLUICE_FONT_ROOT}/${font})
        message(FATAL_ERROR "${SLUICE_FONT_ROOT}/${font} is missing: install fonts-roboto-unhinted "
                            "and fonts-jetbrains-mono")
    endif()
    get_filename_component(name ${font} NAME)
    configure_file(${SLUICE_FONT_ROOT}/${font} ${CMAKE_CURRENT_BINARY_DIR}/fonts/${name} COPYONLY)
    list(APPEND copied ${CMAKE_CURRENT_BINARY_DIR}/fonts/${name})
endforeach()
# Uncompressed: the program then reads them in place (ui/theme/fonts.cpp).
qt_add_resources(sluice_ui sluice_fonts PREFIX / BASE ${CMAKE_CURRENT_BINARY_DIR} OPTIONS --no-compress FILES ${copied})
