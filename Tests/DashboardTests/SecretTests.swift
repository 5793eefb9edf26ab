import Dashboard
import Git
import Keys
import Kube
import Testing

/// Questions of mirrors for what only the operator knows.
struct SecretTests {
    private func question(_ kind: SecretQuestion.Kind = .password, attempt: Int = 1) -> SecretQuestion {
        SecretQuestion(
            repository: Sample.fleet,
            kind: kind,
            text: "Password for git.example:",
            attempt: attempt
        )
    }

    @Test func `what is typed goes to who asked, and nothing of it stays`() {
        var rehearsal = Rehearsal()
        rehearsal.send(.secretAsked(question(), id: 7))
        // Keys that are commands elsewhere are letters here.
        rehearsal.type("qX:3")
        #expect(rehearsal.state.screen == .fleet)
        #expect(rehearsal.type("<Enter>") == [.answerSecret(id: 7, Secret("qX:3"))])
        #expect(rehearsal.state.secrets.isEmpty)
        #expect(!"\(rehearsal.state)".contains("qX:3"))
    }

    @Test func `a secret is told to nobody by accident`() {
        let secret = Secret("hunter2")
        #expect(
            !"\(secret) \(String(reflecting: secret)) \(Effect.answerSecret(id: 1, secret))".contains(
                "hunter2"
            )
        )
    }

    @Test func `Esc gives up, and says how it is asked again`() {
        var rehearsal = Rehearsal()
        rehearsal.send(.secretAsked(question(), id: 1))
        #expect(rehearsal.type("abc<Esc>") == [.answerSecret(id: 1, nil)])
        #expect(rehearsal.state.secrets.isEmpty)
        #expect(rehearsal.notices == ["fleet got no answer; p in the commits view asks again"])
    }

    @Test func `an empty answer is none`() {
        var rehearsal = Rehearsal()
        rehearsal.send(.secretAsked(question(), id: 1))
        #expect(rehearsal.type("<Enter>").isEmpty)
        #expect(rehearsal.state.secrets.first?.problem == "nothing was typed yet; Esc leaves it unanswered")
        #expect(rehearsal.type("x<Backspace>y<Enter>") == [.answerSecret(id: 1, Secret("y"))])
    }

    @Test func `several mirrors are answered one after the other`() {
        var rehearsal = Rehearsal()
        rehearsal.send(.secretAsked(question(), id: 1))
        rehearsal.send(.secretAsked(question(.userName), id: 2))
        #expect(
            rehearsal.type("a<Enter>b<Enter>") == [
                .answerSecret(id: 1, Secret("a")), .answerSecret(id: 2, Secret("b")),
            ]
        )
    }

    @Test func `a question that nobody waits for any more takes its keys until it is closed`() {
        var rehearsal = Rehearsal()
        rehearsal.send(.secretAsked(question(), id: 1))
        rehearsal.send(.secretAsked(question(), id: 2))
        rehearsal.type("ab")
        rehearsal.send(.secretWithdrawn(id: 2))
        rehearsal.send(.secretWithdrawn(id: 1))
        #expect(rehearsal.state.secrets.map(\.id) == [1])
        #expect(rehearsal.state.secrets.first?.typed.isEmpty == true)
        // The rest of a passphrase is no command.
        rehearsal.type("3")
        #expect(rehearsal.state.screen == .fleet)
        #expect(rehearsal.type("<Enter>").isEmpty)
        #expect(rehearsal.state.secrets.isEmpty)
        rehearsal.type("3")
        #expect(rehearsal.state.screen == .commits)
    }

    @Test func `a question waits until what is being typed is finished`() {
        var rehearsal = Rehearsal()
        rehearsal.type("/chec")
        rehearsal.send(.secretAsked(question(), id: 1))
        #expect(rehearsal.state.secrets.isEmpty)
        #expect(rehearsal.notices == ["fleet waits for a passphrase: finish what you are typing"])
        rehearsal.type("kout<Enter>")
        #expect(rehearsal.state.secrets.map(\.id) == [1])
        #expect(rehearsal.state.secrets.first?.typed.isEmpty == true)
    }

    @Test func `it lies over a rollback that is being pushed, which goes on below`() {
        var rehearsal = Rehearsal.commits()
        rehearsal.answer(rehearsal.type("X"))
        _ = rehearsal.go(to: .push)
        let push = Rehearsal.ticket(rehearsal.type("<Enter>"))
        rehearsal.send(.secretAsked(question(.passphrase(key: "~/.ssh/id")), id: 3))
        #expect(rehearsal.type("s3cret<Enter>") == [.answerSecret(id: 3, Secret("s3cret"))])
        #expect(rehearsal.rollback?.isCommitted == true)
        let receipt = PushReceipt(repository: Sample.fleet, branch: "main", commit: Sample.commit("fix"))
        rehearsal.send(.pushed(.success(receipt), push))
        #expect(rehearsal.rollback == nil)
    }

    @Test func `Ctrl-c leaves weir, whatever is asked`() {
        var rehearsal = Rehearsal()
        rehearsal.send(.secretAsked(question(), id: 1))
        #expect(rehearsal.type("<Ctrl-c>") == [.quit])
    }

    @Test func `what is pasted ends at its first line break and is taken as it is`() {
        var rehearsal = Rehearsal()
        rehearsal.send(.secretAsked(question(), id: 1))
        rehearsal.send(.keyPressed(.paste("  pä ss\tword\nmore")))
        #expect(rehearsal.type("<Enter>") == [.answerSecret(id: 1, Secret("  pä ss\tword"))])
    }
}
