extension FluxSchemas {
    /// The fields of the kinds of flux-operator, by kind.
    static let fluxOperator = [
        "FluxInstance": #"""
        spec:{cluster:{domain:s="cluster.local" multitenant:b=false multitenantWorkloadIdentity:b=false
        networkPolicy:b=true objectLevelWorkloadIdentity:b size:s(small|medium|large)
        tenantDefaultDecryptionServiceAccount:s tenantDefaultKubeConfigServiceAccount:s
        tenantDefaultServiceAccount:s type:s(kubernetes|openshift|aws|azure|gcp)="kubernetes"}
        commonMetadata:#labels
        components:[s(source-controller|kustomize-controller|helm-controller|notification-controller|
        image-reflector-controller|image-automation-controller|source-watcher)]
        distribution!:{artifact:s`^oci://.*$` artifactPullSecret:s imagePullSecret:s registry!:s
        variant:s(upstream-alpine|enterprise-alpine|enterprise-distroless|enterprise-distroless-fips)
        version!:s} kustomize:{patches:[#patch]} migrateResources:b=true
        sharding:{key:s="sharding.fluxcd.io/key" shards!:[s] storage:s(ephemeral|persistent)}
        storage:{class!:s size!:s} sync:{interval:#duration="1m"
        kind!:s(OCIRepository|GitRepository|Bucket) name:s path!:s
        provider:s(generic|aws|azure|gcp|github) pullSecret:s ref!:s url!:s} wait:b=true}
        status:{components:[{digest:s name!:s repository!:s tag!:s}] conditions:[#condition]
        history:[#history] inventory:{entries!:[{id!:s v!:s}]} lastAppliedRevision:s
        lastArtifactRevision:s lastAttemptedRevision:s lastHandledForceAt:s lastHandledReconcileAt:s}
        """#,
        "FluxReport": #"""
        spec:{cluster:{nodes:i platform!:s serverVersion!:s} components:[{image!:s name!:s ready!:b
        status!:s}] distribution!:{entitlement!:s managedBy:s status!:s version:s}
        operator:{apiVersion!:s platform!:s version!:s} reconcilers:[{apiVersion!:s kind!:s
        stats:{failing!:i running!:i suspended!:i totalSize:s}}] sync:{id!:s path:s ready!:b source:s
        status!:s}} status:{conditions:[#condition] lastHandledReconcileAt:s}
        """#,
        "ResourceSet": #"""
        spec:{commonMetadata:#labels dependsOn:[{apiVersion!:s kind!:s name!:s namespace:s ready:b
        readyExpr:s}] inputStrategy:{includeEmptyProviders:b name!:s(Flatten|Permute)} inputs:[<*>]
        inputsFrom:[{apiVersion:s(fluxcd.controlplane.io/v1) kind:s(ResourceSetInputProvider) name:s
        selector:!{matchExpressions:[{key!:s operator!:s values:[s]}] matchLabels:<s>}}] resources:[*]
        resourcesTemplate:s serviceAccountName:s steps:[{name!:s`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`
        resources:[*] resourcesTemplate:s timeout:#duration}] wait:b} status:{conditions:[#condition]
        externalChecksumRefs:[s] history:[#history] inventory:{entries!:[{id!:s v!:s}]}
        lastAppliedRevision:s lastHandledReconcileAt:s}
        """#,
        "ResourceSetInputProvider": #"""
        spec:{certSecretRef:#name defaultValues:<*> filter:{excludeBranch:s excludeEnvironment:s
        excludeTag:s includeBranch:s includeEnvironment:s includeTag:s labels:[s] limit:i=100 semver:s}
        insecure:b schedule:[{cron!:s timeZone:s="UTC" window:#duration="0s"}] secretRef:#name
        selectors:[!{matchExpressions:[{key!:s operator!:s values:[s]}] matchLabels:<s> name:s
        namespace:s}] serviceAccountName:s skip:{labels:[s]}
        type!:s(Static|GitHubBranch|GitHubTag|GitHubPullRequest|GitLabBranch|GitLabTag|
        GitLabMergeRequest|GitLabEnvironment|AzureDevOpsBranch|AzureDevOpsTag|AzureDevOpsPullRequest|
        AWSCodeCommitBranch|AWSCodeCommitTag|AWSCodeCommitPullRequest|GiteaBranch|GiteaTag|
        GiteaPullRequest|OCIArtifactTag|ACRArtifactTag|ECRArtifactTag|GARArtifactTag|ExternalService|
        ExternalArtifact) url:s`^((http|https|oci)://.*){0,1}$`} status:{conditions:[#condition]
        exportedInputs:[<*>] lastExportedRevision:s lastHandledForceAt:s lastHandledReconcileAt:s
        nextSchedule:{cron!:s timeZone:s="UTC" when!:t window:#duration="0s"}}
        """#,
    ]
}
