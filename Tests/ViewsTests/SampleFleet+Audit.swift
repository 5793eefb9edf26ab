import Chrono
import Dashboard

extension SampleFleet {
    /// What was changed through weir, newest first: done, refused, failed, and without an answer.
    var audit: [AuditEntry] {
        func entry(
            _ minutes: Int,
            _ cluster: String,
            _ action: String,
            _ subject: String,
            _ plan: String,
            _ result: String?,
            _ message: String = ""
        ) -> AuditEntry {
            AuditEntry(
                change: "4711.\(minutes)",
                at: SampleFleet.now.advanced(by: .seconds(-60 * minutes)),
                who: taint("ann@bastion"),
                identity: taint(cluster.isEmpty ? "On call <oncall@example.org>" : "jane@example.org"),
                cluster: cluster,
                action: action,
                subject: taint(subject),
                plan: taint(plan),
                confirmation: "in the dashboard",
                result: result,
                message: taint(message)
            )
        }
        return [
            entry(
                1,
                "prod-eu",
                "reconcile",
                "Kustomization apps/checkout",
                "requestedAt 2026-11-23T07:30:02Z",
                nil
            ),
            entry(
                4,
                "",
                "revert",
                "main of git.example/acme/fleet",
                "Revert \"checkout: raise limits\"",
                "done",
                "c0ffee5 on main"
            ),
            entry(9, "prod-eu", "suspend", "Kustomization apps/checkout", "upgrade of the database", "done"),
            entry(
                75,
                "staging",
                "force",
                "HelmRelease shop/cart",
                "requestedAt 2026-11-23T06:16:02Z",
                "failed",
                "jane may not patch helmreleases"
            ),
            entry(
                1_500,
                "prod-us",
                "resume",
                "Kustomization infra/dns",
                "",
                "refused",
                "read-only: nothing was sent"
            ),
        ]
    }
}
