import KubeWire
import Testing

private let unauthorized = KubeStatus(code: 401, reason: "Unauthorized", message: "Unauthorized")

extension [LinkMachine.Action] {
    fileprivate var plain: [String] {
        map { action in
            switch action {
            case .loadCredentials(let renewing): renewing ? "renew" : "load"
            case .greet: "greet"
            case .follow: "follow"
            case .pause: "pause"
            case .showUnreachable: "unreachable"
            case .showRefused: "refused"
            case .wait: "wait"
            }
        }
    }
}

struct LinkMachineTests {
    private func live() -> LinkMachine {
        var machine = LinkMachine(seed: 1)
        _ = machine.started()
        _ = machine.credentialsLoaded()
        _ = machine.greeted()
        return machine
    }

    @Test func `credentials, greeting, following`() {
        var machine = LinkMachine(seed: 1)
        #expect(machine.started().plain == ["load"])
        #expect(machine.credentialsLoaded().plain == ["greet"])
        #expect(machine.greeted().plain == ["follow"])
        #expect(machine.isLive)
    }

    @Test func `a lost connection is tried again with growing waits`() {
        var machine = live()
        #expect(machine.lost("refused").plain == ["pause", "unreachable", "wait"])
        #expect(machine.lost("refused") == [])
        #expect(machine.waited().plain == ["load"])
        #expect(machine.credentialsLoaded().plain == ["greet"])
        #expect(machine.lost("refused").plain == ["pause", "unreachable", "wait"])
        #expect(machine.hurried().plain == ["load"])
        _ = machine.credentialsLoaded()
        #expect(machine.greeted().plain == ["follow"])
    }

    @Test func `401 renews the credentials once and then says refused`() {
        var machine = live()
        #expect(machine.unauthenticated(unauthorized).plain == ["pause", "renew"])
        #expect(machine.credentialsLoaded().plain == ["greet"])
        #expect(machine.greetingRefused(unauthorized).plain == ["pause", "refused", "wait"])
        #expect(machine.waited().plain == ["renew"])
    }

    @Test func `accepted credentials may be renewed again later`() {
        var machine = live()
        _ = machine.unauthenticated(unauthorized)
        _ = machine.credentialsLoaded()
        _ = machine.greeted()
        machine.accepted()
        #expect(machine.unauthenticated(unauthorized).plain == ["pause", "renew"])
    }

    @Test func `many requests refused at once renew once`() {
        var machine = live()
        _ = machine.unauthenticated(unauthorized)
        #expect(machine.unauthenticated(unauthorized) == [])
    }

    @Test func `a plugin that fails is shown and tried again`() {
        var machine = LinkMachine(seed: 1)
        _ = machine.started()
        #expect(machine.credentialsFailed("aws is not installed").plain == ["pause", "refused", "wait"])
        #expect(machine.waited().plain == ["load"])
    }

    @Test func `a server that forbids discovery refuses`() {
        var machine = LinkMachine(seed: 1)
        _ = machine.started()
        _ = machine.credentialsLoaded()
        let status = KubeStatus(code: 403, message: "forbidden")
        #expect(machine.greetingRefused(status).plain == ["pause", "refused", "wait"])
    }

    @Test func `a server that is starting is waited for`() {
        var machine = LinkMachine(seed: 1)
        _ = machine.started()
        _ = machine.credentialsLoaded()
        let actions = machine.greetingRefused(
            KubeStatus(code: 503, message: "shutting down", retryAfter: .seconds(5))
        )
        #expect(actions.plain == ["pause", "unreachable", "wait"])
        if case .wait(let duration) = actions.last {
            #expect(duration >= .seconds(5))
        }
    }

    @Test func `a stopped machine does nothing more`() {
        var machine = live()
        machine.stopped()
        #expect(
            machine.lost("x") == [] && machine.waited() == [] && machine.unauthenticated(unauthorized) == []
        )
    }

    @Test func `a fleet that is lost at once does not come back at once`() {
        for failures in 1...8 {
            var waits: [Duration] = []
            for seed in 0..<200 {
                var random = SeededRandom(seed: UInt64(seed))
                var machine = LinkMachine(seed: random.next())
                _ = machine.started()
                for _ in 0..<failures {
                    _ = machine.credentialsLoaded()
                    for case .wait(let duration) in machine.lost("down") {
                        waits.append(duration)
                    }
                    _ = machine.waited()
                }
            }
            let last = stride(from: failures - 1, to: waits.count, by: failures).map { waits[$0] }.sorted()
            // Over half of the longest wait, and never many in one hundredth of it.
            #expect(last[199] - last[0] > last[199] / 3)
            let slots = Dictionary(grouping: last) { Int($0 / last[199] * 100) }
            #expect(slots.values.allSatisfy { $0.count < 20 })
        }
    }
}
