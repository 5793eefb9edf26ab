/// The fields of the built-in kinds, in the order of the wire, with what the server fills in.
enum BuiltInSchemas {
    /// The fields by kind, without `apiVersion`, `kind` and `metadata`.
    static let texts = [
        "ConfigMap": "immutable:b data:<s> binaryData:<s>",
        "Secret": #"immutable:b data:<s> stringData:<s> type:s="Opaque""#,
        "ServiceAccount": """
        secrets:[#reference:name] imagePullSecrets:[!{name:s}] automountServiceAccountToken:b
        """,
        "Namespace": "spec~:{finalizers:[s]} status~:{phase:s conditions:[{type:s *}:type]}",
        "Node": """
        spec~:{podCIDR:s podCIDRs:[s=] providerID:s unschedulable:b taints:[*] *}
        status~:{capacity:<x> allocatable:<x> conditions:[{type:s *}:type] addresses:[{type:s
        address:s}:type] *}
        """,
        "Pod": "spec~:#pod status~:{phase:s conditions:[{type:s *}:type] podIPs:[{ip:s}:ip] *}",
        "PersistentVolumeClaim": "spec~:#claim status~:{phase:s accessModes:[s] capacity:<x> *}",
        "Service": """
        spec~:{ports:[{name:s protocol:s="TCP" appProtocol:s port:i targetPort:x nodePort:i}:port,protocol]
        selector:!<s> clusterIP:s clusterIPs:[s] type:s="ClusterIP" externalIPs:[s]
        sessionAffinity:s="None" loadBalancerIP:s loadBalancerSourceRanges:[s] externalName:s
        externalTrafficPolicy:s healthCheckNodePort:i publishNotReadyAddresses:b sessionAffinityConfig:*
        ipFamilies:[s] ipFamilyPolicy:s allocateLoadBalancerNodePorts:b loadBalancerClass:s
        internalTrafficPolicy:s trafficDistribution:s}
        status~:{loadBalancer~:{ingress:[*]} conditions:[#condition:type]}
        """,
        "Event": """
        involvedObject~:#reference={} reason:s message:s source~:{component:s host:s} firstTimestamp~:*
        lastTimestamp~:* count:i type:s eventTime~:* series:* action:s related:#reference
        reportingComponent~:s reportingInstance~:s
        """,
        "MutatingWebhookConfiguration": """
        webhooks:[{name:s clientConfig:{url:s service:* caBundle:s} rules:[*] failurePolicy:s="Fail"
        matchPolicy:s="Equivalent" namespaceSelector:* objectSelector:* sideEffects:s timeoutSeconds:i=10
        admissionReviewVersions:[s] matchConditions:[*] reinvocationPolicy:s="Never"}:name]
        """,
        "ValidatingWebhookConfiguration": """
        webhooks:[{name:s clientConfig:{url:s service:* caBundle:s} rules:[*] failurePolicy:s="Fail"
        matchPolicy:s="Equivalent" namespaceSelector:* objectSelector:* sideEffects:s timeoutSeconds:i=10
        admissionReviewVersions:[s] matchConditions:[*]}:name]
        """,
        "Deployment": """
        spec~:{replicas:i=1 selector~:#labels template~:#template
        strategy~:{type:s="RollingUpdate" rollingUpdate:{maxUnavailable:x="25%" maxSurge:x="25%"}}
        minReadySeconds:i revisionHistoryLimit:i=10 paused:b progressDeadlineSeconds:i=600}
        status~:{observedGeneration:i replicas:i updatedReplicas:i readyReplicas:i availableReplicas:i
        unavailableReplicas:i terminatingReplicas:i conditions:[{type:s status:s lastUpdateTime:t
        lastTransitionTime:t reason:s message:s}:type] collisionCount:i}
        """,
        "StatefulSet": """
        spec~:{replicas:i=1 selector~:#labels template~:#template volumeClaimTemplates:[*] serviceName~:s
        podManagementPolicy:s="OrderedReady"
        updateStrategy~:{type:s="RollingUpdate" rollingUpdate:{partition:i=0 maxUnavailable:x}}
        revisionHistoryLimit:i=10 minReadySeconds:i
        persistentVolumeClaimRetentionPolicy:{whenDeleted:s="Retain" whenScaled:s="Retain"}={}
        ordinals:{start:i}}
        status~:{observedGeneration:i replicas~:i readyReplicas:i currentReplicas:i updatedReplicas:i
        currentRevision:s updateRevision:s collisionCount:i conditions:[#condition:type] availableReplicas~:i}
        """,
        "DaemonSet": """
        spec~:{selector~:#labels template~:#template
        updateStrategy~:{type:s="RollingUpdate" rollingUpdate:{maxUnavailable:x=1 maxSurge:x=0}}
        minReadySeconds:i revisionHistoryLimit:i=10}
        status~:{currentNumberScheduled~:i numberMisscheduled~:i desiredNumberScheduled~:i numberReady~:i
        observedGeneration:i updatedNumberScheduled:i numberAvailable:i numberUnavailable:i collisionCount:i
        conditions:[#condition:type]}
        """,
        "ReplicaSet": """
        spec~:{replicas:i=1 minReadySeconds:i selector~:#labels template~:#template}
        status~:{replicas~:i fullyLabeledReplicas:i readyReplicas:i availableReplicas:i terminatingReplicas:i
        observedGeneration:i conditions:[#condition:type]}
        """,
        "Job": """
        spec~:#job
        status~:{conditions:[*] startTime:t completionTime:t active:i succeeded:i failed:i *}
        """,
        "CronJob": """
        spec~:{schedule~:s timeZone:s startingDeadlineSeconds:i concurrencyPolicy:s="Allow" suspend:b=false
        jobTemplate~:{metadata~:#meta spec~:#job} successfulJobsHistoryLimit:i=3 failedJobsHistoryLimit:i=1}
        status~:{active:[#reference] lastScheduleTime:t lastSuccessfulTime:t}
        """,
        "Ingress": """
        spec~:{ingressClassName:s defaultBackend:{service:{name:s port:{name:s number:i}} resource:!{*}}
        tls:[{hosts:[s] secretName:s}] rules:[{host:s http:{paths:[{path:s pathType:s backend:*}]}}]}
        status~:{loadBalancer~:{ingress:[*]}}
        """,
        "NetworkPolicy": "spec~:{podSelector~:#labels={} ingress:[*] egress:[*] policyTypes:[s]}",
        "Role": "rules~:[#rule]",
        "ClusterRole": "rules~:[#rule] aggregationRule:{clusterRoleSelectors:[#labels]}",
        "RoleBinding": "subjects:[#subject] roleRef~:#role={}",
        "ClusterRoleBinding": "subjects:[#subject] roleRef~:#role={}",
        "CustomResourceDefinition": """
        spec~:{group~:s names~:{plural~:s singular:s shortNames:[s] kind~:s listKind:s categories:[s]}
        scope~:s
        versions~:[*] conversion:* preserveUnknownFields:b}
        status:{conditions:[#condition:type] acceptedNames:* storedVersions:[s]}
        """,
        "HorizontalPodAutoscaler": """
        spec~:{scaleTargetRef~:{kind~:s name~:s apiVersion:s} minReplicas:i=1 maxReplicas~:i metrics:[*]
        behavior:*}
        status~:{observedGeneration:i lastScaleTime:t currentReplicas:i desiredReplicas~:i currentMetrics~:*
        conditions:[#condition:type]}
        """,
        "PodDisruptionBudget": """
        spec~:{minAvailable:x selector:#labels maxUnavailable:x unhealthyPodEvictionPolicy:s}
        status~:{observedGeneration:i disruptedPods:* disruptionsAllowed~:i currentHealthy~:i
        desiredHealthy~:i
        expectedPods~:i conditions:[#condition:type]}
        """,
    ]

    /// The types that several kinds share; each may name those before it.
    static let named: KeyValuePairs = [
        "meta": """
        {name:s generateName:s namespace:s selfLink:s uid:s resourceVersion:s generation:i creationTimestamp:t
        deletionTimestamp:t deletionGracePeriodSeconds:i labels:<s> annotations:<s>
        ownerReferences:[!{apiVersion:s kind:s name:s uid:s controller:b blockOwnerDeletion:b}:uid]
        finalizers:[s=] managedFields:[{manager:s operation:s apiVersion:s time:t fieldsType:s fieldsV1:*
        subresource:s}]}
        """,
        "reference": """
        !{kind:s namespace:s name:s uid:s apiVersion:s resourceVersion:s fieldPath:s}
        """,
        "condition": """
        {type:s status:s observedGeneration:i lastUpdateTime:t lastProbeTime:t lastTransitionTime:t reason:s
        message:s}
        """,
        "labels": "!{matchLabels:<s> matchExpressions:[{key:s operator:s values:[s]}]}",
        "rule": "{verbs:[s] apiGroups:[s] resources:[s] resourceNames:[s] nonResourceURLs:[s]}",
        "subject": "{kind:s apiGroup:s name:s namespace:s}",
        "role": "!{apiGroup:s kind:s name:s}",
        "claim": """
        {accessModes:[s] selector:#labels resources~:{limits:<x> requests:<x>} volumeName:s storageClassName:s
        volumeMode:s="Filesystem" dataSource:!{*} dataSourceRef:* volumeAttributesClassName:s}
        """,
        "action": """
        {exec:{command:[s]} httpGet:{path:s port~:x host:s scheme:s="HTTP" httpHeaders:[*]}
        tcpSocket:{port~:x host:s} sleep:{seconds:i}}
        """,
        "probe": """
        {exec:{command:[s]} httpGet:{path:s port~:x host:s scheme:s="HTTP" httpHeaders:[*]}
        tcpSocket:{port~:x host:s} grpc:{port~:i service:s} initialDelaySeconds:i timeoutSeconds:i=1
        periodSeconds:i=10 successThreshold:i=1 failureThreshold:i=3 terminationGracePeriodSeconds:i}
        """,
        "container": """
        {name~:s image:s command:[s] args:[s] workingDir:s
        ports:[{name:s hostPort:i containerPort~:i protocol:s="TCP" hostIP:s}:containerPort,protocol]
        envFrom:[{prefix:s configMapRef:{name:s optional:b} secretRef:{name:s optional:b}}]
        env:[{name~:s value:s valueFrom:{fieldRef:!{apiVersion:s="v1" fieldPath:s}
        resourceFieldRef:!{containerName:s resource:s divisor:x} configMapKeyRef:!{name:s key:s optional:b}
        secretKeyRef:!{name:s key:s optional:b} fileKeyRef:!{*}}}:name]
        resources~:{limits:<x> requests:<x> claims:[{name:s request:s}:name]} resizePolicy:[*] restartPolicy:s
        volumeMounts:[{name~:s readOnly:b recursiveReadOnly:s mountPath~:s subPath:s mountPropagation:s
        subPathExpr:s}:mountPath] volumeDevices:[{name:s devicePath:s}:devicePath]
        livenessProbe:#probe readinessProbe:#probe startupProbe:#probe
        lifecycle:{postStart:#action preStop:#action stopSignal:s}
        terminationMessagePath:s="/dev/termination-log" terminationMessagePolicy:s="File" imagePullPolicy:s
        securityContext:{capabilities:{add:[s] drop:[s]} privileged:b seLinuxOptions:* windowsOptions:*
        runAsUser:i runAsGroup:i runAsNonRoot:b readOnlyRootFilesystem:b allowPrivilegeEscalation:b
        procMount:s
        seccompProfile:{type:s localhostProfile:s} appArmorProfile:{type:s localhostProfile:s}} stdin:b
        stdinOnce:b tty:b}
        """,
        "volume": """
        {name~:s hostPath:{path:s type:s=""} emptyDir:{medium:s sizeLimit:x}
        secret:{secretName:s items:[*] defaultMode:i=420 optional:b} nfs:{server:s path:s readOnly:b}
        persistentVolumeClaim:{claimName:s readOnly:b} downwardAPI:{items:[*] defaultMode:i=420}
        configMap:{name:s items:[*] defaultMode:i=420 optional:b} projected:{sources:[*] defaultMode:i=420}
        csi:{driver:s readOnly:b fsType:s volumeAttributes:<s> *} ephemeral:* image:* *}
        """,
        "pod": """
        {volumes:[#volume:name] initContainers:[#container:name] containers~:[#container:name]
        ephemeralContainers:[#container:name] restartPolicy:s="Always" terminationGracePeriodSeconds:i=30
        activeDeadlineSeconds:i dnsPolicy:s="ClusterFirst" nodeSelector:!<s> serviceAccountName:s
        serviceAccount:s automountServiceAccountToken:b nodeName:s hostNetwork:b hostPID:b hostIPC:b
        shareProcessNamespace:b securityContext:{seLinuxOptions:* windowsOptions:* runAsUser:i runAsGroup:i
        runAsNonRoot:b supplementalGroups:[i] supplementalGroupsPolicy:s fsGroup:i sysctls:[*]
        fsGroupChangePolicy:s seccompProfile:{type:s localhostProfile:s} appArmorProfile:{type:s
        localhostProfile:s} seLinuxChangePolicy:s}={} imagePullSecrets:[!{name:s}:name] hostname:s subdomain:s
        affinity:{nodeAffinity:* podAffinity:* podAntiAffinity:*} schedulerName:s="default-scheduler"
        tolerations:[{key:s operator:s value:s effect:s tolerationSeconds:i}]
        hostAliases:[{ip:s hostnames:[s]}:ip] priorityClassName:s priority:i dnsConfig:{nameservers:[s]
        searches:[s] options:[*]} readinessGates:[*] runtimeClassName:s enableServiceLinks:b
        preemptionPolicy:s overhead:<x> topologySpreadConstraints:[{maxSkew:i topologyKey:s
        whenUnsatisfiable:s labelSelector:#labels minDomains:i nodeAffinityPolicy:s nodeTaintsPolicy:s
        matchLabelKeys:[s]}:topologyKey,whenUnsatisfiable] setHostnameAsFQDN:b os:{name:s} hostUsers:b
        schedulingGates:[{name:s}:name] resourceClaims:[{name:s *}:name] resources:{limits:<x> requests:<x>}}
        """,
        "template": "{metadata~:#meta spec~:#pod}",
        "job": """
        {parallelism:i=1 completions:i activeDeadlineSeconds:i podFailurePolicy:* successPolicy:*
        backoffLimit:i=6 backoffLimitPerIndex:i maxFailedIndexes:i selector:#labels manualSelector:b=false
        template~:#template ttlSecondsAfterFinished:i completionMode:s="NonIndexed" suspend:b=false
        podReplacementPolicy:s="TerminatingOrFailed" managedBy:s}
        """,
    ]
}
