(** Deterministic core of the theorem on incoherence (chapter 12): part (ii) as printed,
    small signals included, if the features hardly overlap. *)
Require Import Base Euclid Algorithm1.

Section Incoherence.
Variables (R : realFieldType) (n p : nat) (Phi : 'M[R]_(n, p)) (s : 'cV[R]_p) (xi : 'cV[R]_n).
Variables (gamma overlap rho : R).
Let y := Phi *m s + xi.
Let G := Sigma Phi.
Let noise : 'cV[R]_p := n%:R^-1 *: (Phi^T *m xi).
Let S := support s.
Let small : {set 'I_p} := [set j in S | `|s j 0| < gamma].

Hypothesis gamma0 : 0 < gamma.
Hypothesis unit_features : forall j, G j j = 1.
Hypothesis overlap0 : 0 <= overlap.
Hypothesis overlaps : forall i j, i != j -> `|G i j| <= overlap.
Hypothesis incoherent : (p%:R - 1 + #|small|%:R) * overlap < 1.
Hypothesis rhoE : rho = gamma / 2%:R * (1 - (p%:R - 1 + #|small|%:R) * overlap).
Hypothesis quiet : forall j, `|noise j 0| < rho.

(** The normal equations, for d = w - s. *)
Lemma row (A : {set 'I_p}) w i : trained Phi y A w -> i \in A ->
  (w - s) i 0 = noise i 0 - \sum_(j | j != i) G i j * (w - s) j 0.
Proof.
move=> [_ gA] iA.
have h : (Phi^T *m (Phi *m (w - s))) i 0 = (Phi^T *m xi) i 0.
  have e : Phi *m w - y = Phi *m (w - s) - xi by rewrite mulmxBr /y opprD addrA.
  have := gA i iA; rewrite e mulmxBr mxE [X in _ + X]mxE => g.
  by apply/eqP; rewrite -subr_eq0 g.
have -> : noise i 0 = (G *m (w - s)) i 0.
  by rewrite /noise /G /Sigma -scalemxAl -mulmxA mxE -h [RHS]mxE.
by rewrite [X in _ = X - _]mxE (bigD1 i) //= unit_features mul1r addrK.
Qed.

(** One fit with every large signal active: all active weights are within gamma/2. *)
Lemma fit (A : {set 'I_p}) w : trained Phi y A w -> (forall i, gamma <= `|s i 0| -> i \in A) ->
  forall i, i \in A -> `|w i 0 - s i 0| < gamma / 2%:R.
Proof.
move=> tw keep i0 i0A; have [wA _] := tw; pose d j := (w - s) j 0.
have dE j : w j 0 - s j 0 = d j by rewrite /d !mxE.
have [i iA imax] : exists2 i, i \in A & forall j, j \in A -> `|d j| <= `|d i|.
  by case: (arg_maxP (fun j => `|d j|) i0A) => i iA imax; exists i.
rewrite dE; apply: (le_lt_trans (imax _ i0A)); rewrite ltNge; apply/negP => big.
set D := `|d i| in imax big.
have D0 : 0 <= D by rewrite normr_ge0.
have g2 : gamma <= D + D by rewrite [gamma]splitr lerD.
(* the others are at most D, or 2D if they are small signals *)
have others j : `|d j| <= D * (1 + (j \in small)%:R).
  have [jA | jA] := boolP (j \in A).
    by apply: (le_trans (imax j jA)); rewrite ler_peMr // lerDl ler0n.
  rewrite -dE wA // sub0r normrN; have [sj | sj] := eqVneq (s j 0) 0.
    by rewrite sj normr0 mulr_ge0 // addr_ge0 ?ler01 ?ler0n.
  have gj : `|s j 0| < gamma by rewrite ltNge; apply: contraNN jA; apply: keep.
  by rewrite !inE sj gj mulrDr mulr1 (le_trans (ltW gj)).
have sum : \sum_(j | j != i) `|d j| <= D * (p%:R - 1 + #|small|%:R).
  apply: (@le_trans _ _ (\sum_(j | j != i) D * (1 + (j \in small)%:R))).
    by apply: ler_sum => j _; apply: others.
  rewrite -mulr_sumr ler_wpM2l // big_split sumr_const /= cardC1 card_ord.
  have p0 : (0 < p)%N := leq_ltn_trans (leq0n i) (ltn_ord i).
  rewrite -subn1 natrB // lerD2l -sum1_card natr_sum [X in _ <= X]big_mkcond /=.
  rewrite [X in _ <= X](bigD1 i) //= -[X in X <= _]add0r lerD ?(fun_if, ler0n) //.
    by case: ifP => _; rewrite ?ler01.
  by apply: ler_sum => j _; case: (j \in small).
have : D < rho + overlap * (D * (p%:R - 1 + #|small|%:R)).
  have e : d i = noise i 0 - \sum_(j | j != i) G i j * d j by exact: row tw iA.
  rewrite {1}/D {1}e; apply: (le_lt_trans (ler_normB _ _)); rewrite ltr_leD ?quiet //.
  apply: (le_trans (ler_norm_sum _ _ _)); apply: le_trans (ler_wpM2l overlap0 sum).
  rewrite mulr_sumr; apply: ler_sum => j ji; rewrite normrM ler_wpM2r //.
  by apply: overlaps; rewrite eq_sym.
have := incoherent; rewrite rhoE; move: (p%:R - 1 + _) => t t1; rewrite -subr_gt0.
have -> : gamma / 2%:R * (1 - t * overlap) + overlap * (D * t) - D
  = (1 - t * overlap) * (gamma / 2%:R - D) by ring.
by rewrite pmulr_rgt0 ?subr_gt0 // ltNge big.
Qed.

(** Part (ii), in every run of q <= p - k rounds. *)
Lemma large_kept q A v : (q <= p - #|S|)%N -> run Phi y q A v ->
  forall i, gamma <= `|s i 0| -> i \in A /\ `|v i 0 - s i 0| < gamma / 2%:R /\ v i 0 != 0.
Proof.
move=> qk r; suff keep : forall i, gamma <= `|s i 0| -> i \in A.
  move=> i large; have c := fit (run_trained r) keep (keep i large).
  split; first exact: keep.
  split; first exact: c.
  apply: contraTneq c => ->; rewrite sub0r normrN -leNgt; apply: le_trans large.
  by rewrite ler_pdivrMr ?ltr0n // ler_peMr ?ler1n // ltW.
elim: r qk => [w _ _ i _ | k B w j u rB IH [jB jmin] _ qk i large]; first by rewrite inE.
have keep := IH (ltnW qk); rewrite in_setD1 keep // andbT; apply/eqP => ij.
have close := fit (run_trained rB) keep.
have [l lB lS] := null_left rB qk.
have wl : `|w l 0| < gamma / 2%:R.
  by have := close l lB; move: lS; rewrite inE negbK => /eqP ->; rewrite subr0.
have wj : gamma / 2%:R < `|w j 0|.
  have : gamma < `|w j 0| + gamma / 2%:R.
    rewrite -ij; apply: (le_lt_trans large); rewrite -[X in `|X|](subrK (w i 0)) addrC.
    by apply: (le_lt_trans (ler_normD _ _)); rewrite ltrD2l distrC close ?keep.
  by rewrite {1}[gamma]splitr ltrD2r.
by have := lt_trans wl wj; rewrite ltNge jmin.
Qed.
End Incoherence.

(** The large signals survive every run, small signals or not, if all features have norm 1, any
    two overlap by at most [overlap], and the noise aligns with no feature by [rho] or more. *)
Theorem incoherence (R : realFieldType) n p (Phi : 'M[R]_(n, p)) s xi
    (gamma overlap : R) q A v :
  let small := [set j in support s | `|s j 0| < gamma] in
  let crowd := (p%:R - 1 + #|small|%:R) * overlap in
  let rho := gamma / 2%:R * (1 - crowd) in
  0 < gamma -> (forall j, Sigma Phi j j = 1) ->
  0 <= overlap -> (forall i j, i != j -> `|Sigma Phi i j| <= overlap) ->
  crowd < 1 ->
  (forall j, `|(n%:R^-1 *: (Phi^T *m xi)) j 0| < rho) ->
  (q <= p - #|support s|)%N -> run Phi (Phi *m s + xi) q A v ->
  forall i, gamma <= `|s i 0| ->
    i \in A /\ `|v i 0 - s i 0| < gamma / 2%:R /\ v i 0 != 0.
Proof.
move=> small crowd rho g0 unit o0 over inc quiet qk r.
apply: (@large_kept R n p Phi s xi gamma overlap rho) qk r => //.
Qed.
