import Chrono
import Configuration
import Git
import Keys

// Questions of mirrors that wait for the operator: one on the screen at a time, above everything else.
extension AppState {
    /// Takes a question; while something else is being typed it waits, so that no half of a word answers it.
    mutating func takeQuestion(_ question: SecretQuestion, id: Int, _ now: Timestamp) {
        let prompt = SecretPrompt(id: id, question: question)
        guard secrets.isEmpty, isTyping else {
            secrets.append(prompt)
            return
        }
        heldSecrets.append(prompt)
        notice("\(question.repository.name) waits for a passphrase: finish what you are typing", .told, now)
    }

    /// Shows what had to wait for the operator to finish typing.
    mutating func showHeldSecrets() {
        guard !heldSecrets.isEmpty, !isTyping else {
            return
        }
        secrets = heldSecrets
        heldSecrets = []
    }

    /// Gives up a question.
    ///
    /// The one on the screen stays until it is closed: its keys must not go elsewhere.
    mutating func withdrawQuestion(_ id: Int) {
        heldSecrets.removeAll { $0.id == id }
        if secrets.first?.id == id {
            secrets[0].isWithdrawn = true
            secrets[0].typed = ""
            secrets[0].problem = "nobody waits for it any more; Enter or Esc closes it"
        } else {
            secrets.removeAll { $0.id == id }
        }
    }

    mutating func press(_ key: Key, in prompt: SecretPrompt, _ now: Timestamp) -> [Effect] {
        switch key {
        case .escape where prompt.isWithdrawn, .enter where prompt.isWithdrawn:
            secrets.removeFirst()
            return []
        case .escape:
            secrets.removeFirst()
            let fetch = settings.keymap.keys(for: .fetch).first?.notation ?? ":fetch"
            notice(
                "\(prompt.question.repository.name) got no answer; \(fetch) in the commits view asks again",
                .told,
                now
            )
            return [.answerSecret(id: prompt.id, nil)]
        case .enter:
            guard !prompt.typed.isEmpty else {
                secrets[0].problem = "nothing was typed yet; Esc leaves it unanswered"
                return []
            }
            secrets.removeFirst()
            return [.answerSecret(id: prompt.id, Secret(prompt.typed))]
        default:
            secrets[0].type(key)
            return []
        }
    }
}
