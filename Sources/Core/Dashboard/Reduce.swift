package import Chrono

/// Folds one event into the state and says what must be done outside.
///
/// - Shape: effects in the order in which they are to start.
/// - Thread: pure; Engine calls it on the UI thread.
package func reduce(_ state: inout AppState, _ event: Event, now: Timestamp) -> [Effect] {
    state.countAnswer(event)
    // The one gate: an answer whose question was replaced or left changes nothing.
    guard state.isAwaited(event) else {
        return state.quitWhenSent([])
    }
    state.moment = now
    state.expire(now)
    var effects: [Effect] = []
    switch event {
    case .keyPressed(let key): effects += state.press(key, now)
    case .pointed(let target): effects += state.point(at: target, now)
    case .resized(let columns, let rows):
        (state.columns, state.rows) = (max(1, columns), max(1, rows))
    case .timePassed: break
    case .clusterChanged(let snapshot): effects += state.take(snapshot, now)
    case .repositoryChanged(let snapshot): effects += state.take(snapshot, now)
    case .distancesMeasured(let answers): effects += state.take(answers, now)
    case .carriedOn: effects += state.compareSome()
    case .logLoaded(let result, _): effects += state.takeLog(result)
    case .diffLoaded(let commit, let result, _): state.takeDiff(result, of: commit)
    case .revertPlanned(let result, _): effects += state.takePlan(result, now)
    case .pushed(let result, _): effects += state.takePush(result, now)
    case .reconcileRequested(let ref, let token, let result):
        effects += state.takeRequest(result, of: ref, token: token, now)
    case .suspensionChanged(let ref, let isSuspended, let result):
        effects += state.takeSuspension(result, of: ref, isSuspended: isSuspended, now)
    case .objectLoaded(_, let result, _): state.takeObject(result)
    case .auditLoaded(let result, _): state.takeAudit(result, now)
    case .logTold(let news, _): state.takeLog(news)
    case .secretAsked(let question, let id): state.takeQuestion(question, id: id, now)
    case .secretWithdrawn(let id): state.withdrawQuestion(id)
    case .exactlyCompared(let ref, let result, _): effects += state.takeExact(ref, result)
    case .located(let result, let ticket): state.takeLocated(result, ticket)
    case .exactProgressed(let ref, let isBuilding, _): state.takeProgress(of: ref, isBuilding: isBuilding)
    case .remembered(let past): effects += state.remember(past)
    case .rolloutsRemembered(let open): effects += state.takeUp(open, now)
    case .pushSettled(let remnant): effects += state.settle(remnant, now)
    case .noticed(let text, let isProblem): state.notice(text, isProblem ? .problem : .told, now)
    }
    state.showHeldSecrets()
    effects += state.pump(now)
    state.noteAudit(event, now)
    state.settle()
    effects += state.neededEffects() + state.neededLog()
    effects += state.auditEffects()
    effects += state.neededOrigins()
    effects += state.quitWhenSent(effects)
    return effects
}
