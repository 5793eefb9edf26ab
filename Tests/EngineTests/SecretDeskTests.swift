import Dashboard
import Dispatch
@testable import Engine
import Git
import Testing

/// A mirror's lane waits for the operator, and for nobody else.
struct SecretDeskTests {
    private let repository = RepositoryID(url: "https://git.example/acme/fleet")

    private func question(_ repository: RepositoryID) -> SecretQuestion {
        SecretQuestion(repository: repository, kind: .password, text: "Password:", attempt: 1)
    }

    /// Asks on a lane of its own; the answer arrives in the stream.
    private func ask(_ desk: SecretDesk, _ repository: RepositoryID) -> AsyncStream<String?> {
        AsyncStream { waiting in
            DispatchQueue(label: "lane").async {
                waiting.yield(desk.ask(question(repository)))
                waiting.finish()
            }
        }
    }

    /// The numbers of what was asked, as soon as there are so many.
    private func asked(_ mailbox: Mailbox, _ rings: AsyncStream<Void>, _ count: Int) async -> [Int] {
        var found: [Int] = []
        for await _ in rings {
            for event in mailbox.drain() {
                if case .secretAsked(_, let id) = event {
                    found.append(id)
                }
            }
            if found.count >= count {
                break
            }
        }
        return found
    }

    @Test func `an answer goes to who asked, others go on waiting, and leaving ends all of it`() async {
        let (rings, ring) = AsyncStream.makeStream(of: Void.self)
        let mailbox = Mailbox { ring.yield() }
        let desk = SecretDesk(mailbox)
        let other = RepositoryID(url: "https://git.example/acme/other")
        let first = ask(desk, repository)
        let one = await asked(mailbox, rings, 1)
        let second = ask(desk, other)
        let two = await asked(mailbox, rings, 1)
        desk.answer(one[0], Secret("sesame"))
        for await answer in first {
            #expect(answer == "sesame")
        }
        #expect(one != two)
        // An answer to a question that nobody asks any more changes nothing.
        desk.answer(one[0], Secret("again"))
        desk.close()
        for await answer in second {
            #expect(answer == nil)
        }
        #expect(desk.ask(question(repository)) == nil)
    }

    @Test func `what a mirror asked that is not needed any more is withdrawn`() async {
        let (rings, ring) = AsyncStream.makeStream(of: Void.self)
        let mailbox = Mailbox { ring.yield() }
        let desk = SecretDesk(mailbox)
        let stream = ask(desk, repository)
        let ids = await asked(mailbox, rings, 1)
        desk.withdraw(repository)
        for await answer in stream {
            #expect(answer == nil)
        }
        let withdrawn = mailbox.drain().compactMap { event in
            if case .secretWithdrawn(let id) = event {
                return id
            }
            return nil
        }
        #expect(withdrawn == ids)
    }
}
