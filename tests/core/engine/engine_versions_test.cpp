// SPDX-License-Identifier: GPL-3.0-or-later
#include <variant>

#include <QtTest>

#include "tests/core/engine/simulated_release.h"

using namespace sluice;
using testing::SimulatedRelease;

namespace {

/// The release's stable version is v2.3.0.
constexpr const char* kVersions = R"(service: checkout
versions:
  2.3.0: {reads: [users.verified]}
  2.4.0: {}
  2.5.0: {drops: [users.verified]}
incompatible: [{from: 2.4.0, to: 2.3.0, because: its carts cannot be read by the older one}]
)";

/// An engine whose target keeps its versions.
struct Versioned {
    Versioned()
    {
        release.kill();
        release.boot("checks", [](engine::EngineParts& parts) {
            parts.versions = [](const TargetConfig&) -> Result<std::optional<VersionRegistry>> {
                auto read = readVersions(kVersions, "versions.yaml");
                if (auto* registry = std::get_if<VersionRegistry>(&read)) return std::optional(std::move(*registry));
                return Error{Fault::BadInput, problemText(std::get<1>(read).front())};
            };
        });
    }
    QByteArray refusal(const std::string& version, const std::string& playbook = {})
    {
        const auto answer = release.start(version, {}, playbook);
        return answer.ok() ? QByteArray() : QByteArray::fromStdString(answer.error().detail);
    }
    SimulatedRelease release{};
};

} // namespace

/// A release whose service keeps a list of its versions.
class EngineVersionsTest : public QObject {
    Q_OBJECT

private slots:
    void whatMayNotFollowIsRefusedWithEveryReason_data()
    {
        QTest::addColumn<QByteArray>("version");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* version, const char* says) {
            QTest::newRow(version) << QByteArray(version) << QByteArray(says);
        };
        row("v2.4.0",
            "v2.4.0 may not follow v2.3.0: 2.4.0 beside 2.3.0 is ruled out while both run: its carts cannot be "
            "read by the older one.");
        row("v2.5.0", "v2.5.0 may not follow v2.3.0: 2.5.0 drops users.verified while 2.3.0 still reads it: release a "
                      "version that does not first.");
        row("v2.6.0", "v2.6.0 may not follow v2.3.0: checkout 2.6.0 is not among its versions: 2.3.0, 2.4.0, 2.5.0.");
        row("main", "'main' is no semantic version, and the versions of checkout are.");
    }
    void whatMayNotFollowIsRefusedWithEveryReason()
    {
        QFETCH(QByteArray, version);
        Versioned versioned;
        QTEST(versioned.refusal(version.toStdString()), "says");
        QVERIFY(versioned.release.view() == nullptr);
    }

    void withoutAListAnythingMayFollow()
    {
        SimulatedRelease release;
        QVERIFY(release.start("main").ok());
    }
};

QTEST_GUILESS_MAIN(EngineVersionsTest)
#include "engine_versions_test.moc"
