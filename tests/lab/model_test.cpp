// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>
#include <thread>
#include <vector>

#include <QTest>
#include <nlohmann/json.hpp>

#include "app/sluice-lab/ledger.h"
#include "app/sluice-lab/load.h"
#include "app/sluice-lab/service_model.h"

using namespace std::chrono_literals;

namespace sluice::app::lab {

namespace {

constexpr uint64_t kMany = 200'000;

std::vector<RequestPlan> manyRequests(const InjectedFault& fault)
{
    std::vector<RequestPlan> plans;
    for (uint64_t n = 0; n < kMany; ++n)
        plans.push_back(planRequest(7, n, fault));
    return plans;
}

/// In parts per million of `plans`.
int64_t sharePpm(const std::vector<RequestPlan>& plans, bool RequestPlan::*what)
{
    return std::ranges::count_if(plans, what) * 1'000'000 / static_cast<int64_t>(plans.size());
}

int64_t latencyMs(std::vector<RequestPlan> plans, double quantile)
{
    std::ranges::sort(plans, {}, &RequestPlan::latency);
    const auto at = static_cast<size_t>(quantile * static_cast<double>(plans.size()));
    return std::chrono::duration_cast<std::chrono::milliseconds>(plans[at].latency).count();
}

bool about(int64_t seen, int64_t expected, int64_t tolerance)
{
    return std::abs(seen - expected) <= tolerance;
}

} // namespace

class ModelTest : public QObject {
    Q_OBJECT

private slots:
    void aHealthyServiceIsQuickAndNearlyFlawless()
    {
        const auto plans = manyRequests({});
        QVERIFY(about(latencyMs(plans, 0.50), 40, 1));
        QVERIFY(about(latencyMs(plans, 0.95), 84, 3));
        QVERIFY(about(sharePpm(plans, &RequestPlan::error), 2'000, 500));
        QVERIFY(about(sharePpm(plans, &RequestPlan::payment), 100'000, 3'000));
        QVERIFY(about(sharePpm(plans, &RequestPlan::paymentFails), 500, 250));
    }

    void aFaultChangesWhatItNamesAndNothingElse()
    {
        const auto slow = manyRequests({.latency = 400ms});
        QVERIFY(about(latencyMs(slow, 0.50), 440, 1));
        QVERIFY(about(sharePpm(slow, &RequestPlan::error), 2'000, 500));
        const auto failing = manyRequests({.errorsPpm = 100'000});
        QVERIFY(about(sharePpm(failing, &RequestPlan::error), 100'000, 3'000));
        QVERIFY(about(latencyMs(failing, 0.50), 40, 1));
        const auto unpaid = manyRequests({.paymentsPpm = 1'000'000});
        QCOMPARE(sharePpm(unpaid, &RequestPlan::paymentFails), sharePpm(unpaid, &RequestPlan::payment));
        QVERIFY(about(sharePpm(unpaid, &RequestPlan::error), 2'000, 500));
    }

    void theLoadAsksAsEveryUserOnceARound_data()
    {
        QTest::addColumn<int>("users");
        QTest::addColumn<int>("proxies");
        for (const int users : {1, 2, 7, 500, 1000, 20'000}) {
            for (const int proxies : {1, 2, 3})
                QTest::addRow("%d users, %d proxies", users, proxies) << users << proxies;
        }
    }
    void theLoadAsksAsEveryUserOnceARound()
    {
        QFETCH(int, users);
        QFETCH(int, proxies);
        const auto all = static_cast<uint64_t>(users);
        std::set<uint64_t> seen;
        std::vector<int> perProxy(static_cast<size_t>(proxies), 0);
        for (uint64_t n = 3 * all; n < 4 * all; ++n) {
            const LoadStep step = loadStep(n, all, perProxy.size());
            seen.insert(step.user);
            ++perProxy.at(step.proxy);
        }
        QCOMPARE(static_cast<int>(seen.size()), users);
        QVERIFY(*seen.rbegin() < all);
        QVERIFY(std::ranges::max(perProxy) - std::ranges::min(perProxy) <= 1);
    }

    void aPageCountsEachUserOnceWhoeverNotesIt()
    {
        auto page = SharedPage::create();
        QVERIFY(page.ok());
        ReplicaPage& shared = *page.value();
        const auto note = [&shared] {
            for (int user = 0; user < 20'000; ++user)
                shared.noteUser(userHash(userName(static_cast<uint64_t>(user))));
        };
        std::thread other(note);
        note();
        other.join();
        QCOMPARE(shared.users.load(), uint64_t{20'000});
        QCOMPARE(shared.userHashes().size(), size_t{20'000});
    }

    void aPageIsTheSameMemoryThroughItsDescriptor()
    {
        const auto lab = SharedPage::create();
        QVERIFY(lab.ok());
        auto descriptor = dup(lab.value().fd());
        const auto replica = SharedPage::open(descriptor);
        QVERIFY(replica.ok());
        const InjectedFault fault{.errorsPpm = 5, .latency = 3ms, .unhealthy = true};
        lab.value()->setFault(fault);
        ++replica.value()->requests;
        QVERIFY(replica.value()->fault() == fault);
        QCOMPARE(lab.value()->requests.load(), uint64_t{1});
    }

    void theLedgerAddsReplicasAndKeepsUsersDistinct()
    {
        const auto first = SharedPage::create();
        const auto second = SharedPage::create();
        QVERIFY(first.ok() && second.ok());
        first.value()->requests = 10;
        second.value()->requests = 5;
        for (const char* user : {"ana", "bob"})
            first.value()->noteUser(userHash(user));
        for (const char* user : {"bob", "eve"})
            second.value()->noteUser(userHash(user));
        Ledger ledger;
        ledger.add(Track::Canary, "v1", *first.value());
        ledger.add(Track::Canary, "v2", *second.value());
        const auto canary = ledger.json()["canary"];
        QCOMPARE(canary["requests"].get<int>(), 15);
        QCOMPARE(canary["versions"]["v2"]["requests"].get<int>(), 5);
        QCOMPARE(canary["users"].get<int>(), 3);
        QCOMPARE(ledger.json()["stable"]["users"].get<int>(), 0);
    }
};

} // namespace sluice::app::lab

QTEST_APPLESS_MAIN(sluice::app::lab::ModelTest)
#include "model_test.moc"
