/// The fields of the Flux kinds, as their custom resource definitions declare them.
enum FluxSchemas {
    /// The fields by kind, without `apiVersion`, `kind` and `metadata`.
    static let texts = [sources, appliers, notifications, fluxOperator].reduce(into: [:]) { all, part in
        all.merge(part) { first, _ in first }
    }

    /// The types that several kinds share; each may name those before it.
    static let named: KeyValuePairs = [
        "duration": #"s`^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`"#,
        "timeout": #"s`^([0-9]+(\.[0-9]+)?(ms|s|m))+$`"#,
        "name": "{name!:s}",
        "labels": "{annotations:<s> labels:<s>}",
        "selector": "{annotationSelector:s group:s kind:s labelSelector:s name:s namespace:s version:s}",
        "patch": "{patch!:s target:#selector}",
        "condition": #"""
        {lastTransitionTime!:t message!:s observedGeneration:i
        reason!:s`^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$` status!:s(True|False|Unknown) type!:s}
        """#,
        "artifact": #"""
        {digest!:s`^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$` lastUpdateTime!:t metadata:<s>
        path!:s revision!:s size:i url!:s}
        """#,
        "history": """
        {digest!:s firstReconciled!:t lastReconciled!:t lastReconciledDuration!:s lastReconciledStatus!:s
        metadata:<s> totalReconciliations!:i}
        """,
    ]
}
