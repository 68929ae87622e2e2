// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/page.h"

#include <QVBoxLayout>

#include "ui/shell/sheet.h"
#include "ui/theme/look.h"

namespace sluice::ui {

Page::Page(const PageContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
{
    setLook(this, "window");
}

Page::~Page() = default;

QVBoxLayout* Page::makeColumn()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(18, 14, 18, 14);
    column->setSpacing(12);
    return column;
}

} // namespace sluice::ui
