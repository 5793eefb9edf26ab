package import Chrono

/// Folds one event into the state and says what must be done outside.
///
/// - Shape: effects in the order in which they are to start.
/// - Thread: pure; Engine calls it on the UI thread.
package func reduce(_ state: inout AppState, _ event: Event, now: Timestamp) -> [Effect] {
    if case .resized(let columns, let rows) = event {
        (state.columns, state.rows) = (max(1, columns), max(1, rows))
    }
    return []
}
