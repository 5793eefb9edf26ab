import Chrono
import Configuration
import Git
import Keys

// Questions of mirrors that wait for the operator: one on the screen at a time, above everything else.
extension AppState {
    mutating func takeQuestion(_ question: SecretQuestion, id: Int) {
        secrets.append(SecretPrompt(id: id, question: question))
    }

    mutating func press(_ key: Key, in prompt: SecretPrompt, _ now: Timestamp) -> [Effect] {
        switch key {
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
