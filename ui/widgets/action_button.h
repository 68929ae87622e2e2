// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>
#include <QString>

class QAction;

namespace sluice::ui {

class CommitGuard;

/// A push button that shows its key and says why it is disabled (tool tip and accessible description). Return presses
/// it from elsewhere only where a sheet says so (Sheet::setDefaultButton).
class ActionButton : public QPushButton {
    Q_OBJECT

public:
    ActionButton(const QString& text, const char* look, QWidget* parent);

    void setKeyHint(const QString& key);
    /// Off: the key stays in the key sheet and the tool tip of the action.
    void setKeyShown(bool shown);
    /// `why`: one sentence, shown while unavailable.
    void setAvailable(bool available, const QString& why = {});
    /// Shows text, key and availability of `action` and triggers it.
    void follow(QAction* action);
    /// Also unavailable while the guard is locked.
    void guardedBy(CommitGuard& guard);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    /// Outside a QDialog a focused button hears Space alone; people press Enter.
    void keyPressEvent(QKeyEvent* event) override;

private:
    int hintWidth() const;
    void refresh();

    QString m_key{};
    bool m_keyShown{true};
    bool m_available{true};
    bool m_locked{false};
    QString m_why{};
};

} // namespace sluice::ui
