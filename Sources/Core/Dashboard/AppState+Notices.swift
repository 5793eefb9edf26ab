import Chrono

extension AppState {
    mutating func notice(_ text: String, _ tone: Notice.Tone, _ now: Timestamp) {
        let lifetime: Duration =
            switch tone {
            case .done, .told: .seconds(10)
            case .problem: .seconds(30)
            }
        lastNotice += 1
        notices.removeAll { $0.text == text }
        notices.append(
            Notice(id: lastNotice, text: text, tone: tone, at: now, expires: now.advanced(by: lifetime))
        )
        if notices.count > 20 {
            notices.removeFirst(notices.count - 20)
        }
    }

    /// Lets go what time has ended.
    mutating func expire(_ now: Timestamp) {
        notices.removeAll { $0.expires <= now }
    }

    /// Why nothing can be changed in this process, as it is told everywhere.
    static let readOnlySentence = "weir runs read-only: nothing was changed"
}
