// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "tests/tidy/checks.h"

namespace sluice::tidy {

/// The two checks that read code as a person would see it on the screen.
class PeopleTest : public QObject {
    Q_OBJECT

    static int found(Check check, const char* code, const char* path = "ui/fleet/page.cpp")
    {
        return static_cast<int>(check(readSource(QLatin1String(path), QByteArray(code))).size());
    }

private slots:
    void untranslatedTextIsFound_data()
    {
        QTest::addColumn<QString>("code");
        QTest::newRow("sentence") << R"(label->setText("Nothing runs here.");)";
        QTest::newRow("wrapped") << R"(label->setText(QStringLiteral("no data"));)";
        QTest::newRow("one word") << R"(button->setText(QStringLiteral("Promote"));)";
        QTest::newRow("constructor") << R"(auto* l = new QLabel(QStringLiteral("Why it waits"), this);)";
        QTest::newRow("variable") << R"(QLabel label("Why it waits");)";
        QTest::newRow("choice") << R"(setToolTip(ok ? tr("Fine.") : QString("Not fine."));)";
        QTest::newRow("list") << R"(setHorizontalHeaderLabels({tr("At"), QStringLiteral("Who did it")});)";
        QTest::newRow("painted") << R"(painter.drawText(rect, Qt::AlignLeft, QStringLiteral("no data"));)";
        QTest::newRow("name for assistive technology") << R"(view->setAccessibleName("Rollouts of today");)";
        QTest::newRow("second line") << "menu->addAction(icon,\n    \"Open it\", this, &Page::open);";
    }
    void untranslatedTextIsFound()
    {
        QFETCH(const QString, code);
        QCOMPARE(found(&checkUntranslatedText, qPrintable(code)), 1);
    }

    void whatIsNoTextForPeopleIsLeftAlone_data()
    {
        QTest::addColumn<QString>("code");
        QTest::newRow("translated") << R"(label->setText(tr("Nothing runs here."));)";
        QTest::newRow("translated elsewhere") << R"(label->setText(QCoreApplication::translate("wait", "It waits."));)";
        QTest::newRow("with arguments") << R"(label->setText(tr("%1 of %2 ready").arg(QStringLiteral("a b")).arg(2));)";
        QTest::newRow("a number") << R"(label->setText(QStringLiteral("%1 / %2").arg(a).arg(b));)";
        QTest::newRow("a sign") << R"(label->setText(QStringLiteral("-"));)";
        QTest::newRow("an object name") << R"(label->setObjectName(QStringLiteral("Wait line of page"));)";
        QTest::newRow("a style") << R"(label->setStyleSheet("color: red; border: none");)";
        QTest::newRow("an icon") << R"(menu->addAction(icon("arrow up"), tr("Up"));)";
        QTest::newRow("inside a lambda")
            << R"(bar->addAction(tr("Up"), this, [this] { m_key = QStringLiteral("Go up"); });)";
        QTest::newRow("the name of the program") << R"(setWindowTitle(QStringLiteral("Sluice"));)";
        QTest::newRow("a comment") << "// label->setText(\"Nothing runs here.\");";
    }
    void whatIsNoTextForPeopleIsLeftAlone()
    {
        QFETCH(const QString, code);
        QCOMPARE(found(&checkUntranslatedText, qPrintable(code)), 0);
    }

    void textOfProgramsWithoutAWindowIsEnglish()
    {
        const char* code = R"(menu.addItem("Nothing runs here.");)";
        QCOMPARE(found(&checkUntranslatedText, code, "app/sluicectl/status.cpp"), 0);
        QCOMPARE(found(&checkUntranslatedText, code, "app/sluice/main.cpp"), 1);
    }

    void aNamelessWidgetIsFound_data()
    {
        QTest::addColumn<QString>("code");
        QTest::newRow("member") << R"(: m_filter(new QLineEdit(this)) { m_filter->setObjectName("filter"); })";
        QTest::newRow("local") << R"(auto* list = new QListView(this); list->setModel(model);)";
        QTest::newRow("without a variable") << R"(row->addWidget(new QComboBox(this));)";
        QTest::newRow("button without text") << R"(auto* b = new QPushButton(this);)";
        QTest::newRow("tool button with icon") << R"(auto* b = new QToolButton(this); b->setIcon(icon);)";
        QTest::newRow("text of a field is not its name") << R"(auto* e = new QLineEdit(tr("checkout"), this);)";
        QTest::newRow("another one is named") << R"(auto* a = new QSlider(this); b->setAccessibleName(tr("B"));)";
    }
    void aNamelessWidgetIsFound()
    {
        QFETCH(const QString, code);
        QCOMPARE(found(&checkAccessibleNames, qPrintable(code)), 1);
    }

    void aNamedWidgetIsLeftAlone_data()
    {
        QTest::addColumn<QString>("code");
        QTest::newRow("member") << R"(: m_filter(new QLineEdit(this)) { m_filter->setAccessibleName(tr("Filter")); })";
        QTest::newRow("braces") << R"(QTreeView* m_log{new QTreeView(this)}; m_log->setAccessibleName(tr("Log"));)";
        QTest::newRow("button with text") << R"(auto* b = new QPushButton(tr("Promote"), this);)";
        QTest::newRow("check box with text") << R"(m_all = new QCheckBox(text, this);)";
        QTest::newRow("buddy") << R"(auto* e = new QLineEdit(this); label->setBuddy(e);)";
        QTest::newRow("action") << R"(auto* b = new QToolButton(this); b->setDefaultAction(action);)";
        QTest::newRow("not focusable") << R"(auto* l = new QLabel(this);)";
    }
    void aNamedWidgetIsLeftAlone()
    {
        QFETCH(const QString, code);
        QCOMPARE(found(&checkAccessibleNames, qPrintable(code)), 0);
    }
};

} // namespace sluice::tidy

QTEST_APPLESS_MAIN(sluice::tidy::PeopleTest)
#include "people_test.moc"
