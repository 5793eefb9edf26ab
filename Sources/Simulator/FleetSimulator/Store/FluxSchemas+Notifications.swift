extension FluxSchemas {
    /// The fields of the kinds of notifications and images, by kind.
    static let notifications = [
        "Alert": #"""
        spec:{eventMetadata:<s> eventSeverity:s(info|error)="info" eventSources!:[{apiVersion:s
        kind!:s(Bucket|GitRepository|Kustomization|HelmRelease|HelmChart|HelmRepository|ImageRepository|
        ImagePolicy|ImageUpdateAutomation|OCIRepository|ArtifactGenerator|ExternalArtifact)
        matchLabels:<s> name!:s namespace:s}] exclusionList:[s] inclusionList:[s] providerRef!:#name
        summary:s suspend:b}
        """#,
        "Provider": #"""
        spec:{address:s certSecretRef:#name channel:s commitStatusExpr:s interval:#duration
        proxy:s`^(http|https)://.*$` proxySecretRef:#name secretRef:#name serviceAccountName:s suspend:b
        timeout:#timeout type!:s(slack|discord|msteams|rocket|generic|generic-hmac|github|gitlab|gitea|
        giteapullrequestcomment|bitbucketserver|bitbucket|azuredevops|googlechat|googlepubsub|webex|
        sentry|azureeventhub|telegram|lark|matrix|opsgenie|alertmanager|grafana|githubdispatch|
        githubpullrequestcomment|gitlabmergerequestcomment|pagerduty|datadog|nats|zulip|otel|zoom|
        incident.io) username:s}
        """#,
        "Receiver": #"""
        spec:{events:[s] interval:#duration="10m" oidcProviders:[{audience:s issuerURL!:s`^https?://`
        validations!:[{expression!:s message!:s}] variables:[{expression!:s name!:s}]}:issuerURL]
        resourceFilter:s resources!:[{apiVersion:s filter:s
        kind!:s(Bucket|GitRepository|Kustomization|HelmRelease|HelmChart|HelmRepository|ImageRepository|
        ImagePolicy|ImageUpdateAutomation|OCIRepository|ArtifactGenerator|ExternalArtifact)
        matchLabels:<s> name!:s namespace:s}] secretRef:#name suspend:b
        type!:s(generic|generic-hmac|generic-oidc|github|gitlab|bitbucket|harbor|dockerhub|quay|gcr|
        nexus|acr|cdevents)} status:{conditions:[#condition] lastHandledReconcileAt:s
        observedGeneration:i webhookPath:s}={"observedGeneration":-1}
        """#,
        "ImageRepository": #"""
        spec:{accessFrom:{namespaceSelectors!:[{matchLabels:<s>}]} certSecretRef:#name
        exclusionList:[s]=["^.*\\.sig$"] image!:s insecure:b interval!:#duration
        provider:s(generic|aws|azure|gcp)="generic" proxySecretRef:#name secretRef:#name
        serviceAccountName:s suspend:b timeout:#timeout} status:{canonicalImageName:s
        conditions:[#condition] lastHandledReconcileAt:s lastScanResult:{latestTags:[s] revision:s
        scanTime:t tagCount!:i} observedExclusionList:[s]
        observedGeneration:i}={"observedGeneration":-1}
        """#,
        "ImagePolicy": #"""
        spec:{digestReflectionPolicy:s(Always|IfNotPresent|Never)="Never" filterTags:{extract:s
        pattern:s} imageRepositoryRef!:{name!:s namespace:s} interval:#duration
        policy!:{alphabetical:{order:s(asc|desc)="asc"} numerical:{order:s(asc|desc)="asc"}
        semver:{range!:s}} suspend:b} status:{conditions:[#condition] lastHandledReconcileAt:s
        latestRef:{digest:s name!:s tag!:s} observedGeneration:i observedPreviousRef:{digest:s name!:s
        tag!:s}}={"observedGeneration":-1}
        """#,
        "ImageUpdateAutomation": #"""
        spec:{git:{checkout:{ref!:{branch:s commit:s name:s semver:s tag:s}} commit!:{author!:{email!:s
        name:s} messageTemplate:s messageTemplateValues:<s> signingKey:{secretRef!:#name
        type:s(gpg|ssh)}} push:{branch:s options:<s> refspec:s}} interval!:#duration
        policySelector:!{matchExpressions:[{key!:s operator!:s values:[s]}] matchLabels:<s>}
        sourceRef!:{apiVersion:s kind!:s(GitRepository)="GitRepository" name!:s namespace:s} suspend:b
        update:{path:s strategy:s(Setters)="Setters"}={"strategy":"Setters"}}
        status:{conditions:[#condition] lastAutomationRunTime:t lastHandledReconcileAt:s
        lastPushCommit:s lastPushTime:t observedGeneration:i observedPolicies:<{digest:s name!:s
        tag!:s}> observedSourceRevision:s}={"observedGeneration":-1}
        """#,
    ]
}
