import Dashboard
import Engine
import Kube
import Synchronization
import Testing

struct MailboxTests {
    private final class Bell: Sendable {
        private let count = Mutex(0)
        var rings: Int { count.withLock { $0 } }
        func ring() { count.withLock { $0 += 1 } }
    }

    private func snapshot(_ name: String, version: String) -> Event {
        var snapshot = ClusterSnapshot(id: ClusterID(name))
        snapshot.serverVersion = version
        return .clusterChanged(snapshot)
    }

    @Test
    func `the newest snapshot of a cluster takes the place of the one before`() {
        let mailbox = Mailbox {}
        mailbox.post(snapshot("a", version: "1"))
        mailbox.post(snapshot("b", version: "1"))
        mailbox.post(.timePassed)
        mailbox.post(snapshot("a", version: "2"))
        let names = mailbox.drain().map { event in
            if case .clusterChanged(let snapshot) = event {
                return "\(snapshot.id) \(snapshot.serverVersion ?? "")"
            }
            return "other"
        }
        #expect(names == ["a 2", "b 1", "other"])
        #expect(mailbox.drain().isEmpty)
    }

    @Test
    func `the bell rings once for a full box and again after it was emptied`() {
        let bell = Bell()
        let mailbox = Mailbox { bell.ring() }
        mailbox.post(.timePassed)
        mailbox.post(.timePassed)
        #expect(bell.rings == 1)
        _ = mailbox.drain()
        mailbox.post(.timePassed)
        #expect(bell.rings == 2)
    }
}
