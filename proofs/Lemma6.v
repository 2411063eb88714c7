(** Lemma 6 of the paper and the one-shot theorem, under the hypotheses of Theorem 5. *)
From mathcomp Require Import all_ssreflect all_algebra.
Require Import Compat Euclid Algorithm1 Definition4 RealNumbers Rayleigh Theorem5.

Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory Compat.
Local Open Scope ring_scope.

Section Means.
Variable Omega : finType.
Hypothesis outcomes : (0 < #|Omega|)%N.
Implicit Types (X Y : Omega -> R) (E : pred Omega).

Let N0 : 0 < #|Omega|%:R :> R. Proof. by rewrite ltr0n. Qed.

Lemma mean_le X Y : (forall o, X o <= Y o) -> mean X <= mean Y.
Proof. by move=> h; rewrite ler_pM2r ?invr_gt0 // ler_sum. Qed.

Lemma mean_scale a X : mean (fun o => a * X o) = a * mean X.
Proof. by rewrite /mean -mulr_sumr mulrA. Qed.

Lemma mean_sum (I : finType) (F : I -> Omega -> R) :
  mean (fun o => \sum_i F i o) = \sum_i mean (F i).
Proof. by rewrite /mean exchange_big mulr_suml. Qed.

Lemma mean_one : mean (fun _ : Omega => 1) = 1.
Proof. by rewrite /mean sumr_const divff ?gt_eqF. Qed.

(** Means of products of functions of independent entries. *)
Lemma mean_prod n (xi : Omega -> 'cV[R]_n) (f : 'I_n -> R -> R) : independent_entries xi ->
  mean (fun o => \prod_i f i (xi o i 0)) = \prod_i mean (fun o => f i (xi o i 0)).
Proof.
move=> indep; pose values := undup [seq xi x.1 x.2 0 | x <- enum {: Omega * 'I_n}].
pose T := seq_sub values.
have valueP o i : xi o i 0 \in values.
  by rewrite mem_undup; apply/mapP; exists (o, i); rewrite ?mem_enum.
have pick o i : f i (xi o i 0) = \sum_(v : T) (xi o i 0 == val v)%:R * f i (val v).
  rewrite (bigD1 (SeqSub (valueP o i))) //= eqxx mul1r big1 ?addr0 // => v vi.
  case: eqP => [e | _]; last by rewrite mul0r.
  by case/eqP: vi; apply: val_inj; rewrite /= -e.
have at_ (a : {ffun 'I_n -> T}) :
    mean (fun o => \prod_i (xi o i 0 == val (a i))%:R) = \prod_i mean (fun o => (xi o i 0 == val (a i))%:R).
  transitivity (prob [pred o | xi o == \col_i val (a i)]).
    rewrite probE; apply: eq_mean => o /=; case: eqP => [-> | ne].
      by rewrite big1 // => i _; rewrite mxE eqxx.
    have /existsP [i ai] : [exists i, xi o i 0 != val (a i)].
      rewrite -negb_forall; apply/negP => /forallP same.
      by apply: ne; apply/colP => i; rewrite mxE; apply/eqP/(same i).
    by rewrite (bigD1 i) //= (negbTE ai) mul0r.
  by rewrite indep; apply: eq_bigr => i _; rewrite probE; apply: eq_mean => o; rewrite /= mxE.
transitivity (\sum_(a : {ffun 'I_n -> T})
    (\prod_i mean (fun o => (xi o i 0 == val (a i))%:R)) * \prod_i f i (val (a i))).
  rewrite (eq_mean (Y := fun o => \sum_(a : {ffun 'I_n -> T})
      (\prod_i f i (val (a i))) * \prod_i (xi o i 0 == val (a i))%:R)); last first.
    move=> o; rewrite (eq_bigr _ (fun i _ => pick o i)) bigA_distr_bigA.
    by apply: eq_bigr => a _; rewrite big_split /= mulrC.
  by rewrite mean_sum; apply: eq_bigr => a _; rewrite mean_scale at_ mulrC.
rewrite (eq_bigr (fun a : {ffun 'I_n -> T} =>
  \prod_i (mean (fun o => (xi o i 0 == val (a i))%:R) * f i (val (a i))))); last first.
  by move=> a _; rewrite -big_split.
rewrite -(bigA_distr_bigA (fun i (v : T) => mean (fun o => (xi o i 0 == val v)%:R) * f i (val v))).
apply: eq_bigr => i _; rewrite [RHS](eq_mean (fun o => pick o i)) mean_sum.
apply: eq_bigr => v _; rewrite mulrC -mean_scale; apply: eq_mean => o; exact: mulrC.
Qed.

(** A sum of independent sub-Gaussian variables is sub-Gaussian. *)
Lemma sub_gaussian_sum n (xi : Omega -> 'cV[R]_n) (v : R) (a : 'cV[R]_n) :
  independent_entries xi -> (forall i, sub_gaussian (fun o => xi o i 0) v) ->
  sub_gaussian (fun o => dot a (xi o)) (v * sqnorm a).
Proof.
move=> indep sub t.
rewrite (eq_mean (Y := fun o => \prod_i exp (t * a i 0 * xi o i 0))); last first.
  move=> o; rewrite -exp_sum; congr exp; rewrite /dot mulr_sumr.
  by apply: eq_bigr => i _; rewrite mulrA.
rewrite (mean_prod (fun i x => exp (t * a i 0 * x)) indep).
have -> : exp (t ^+ 2 * (v * sqnorm a) / 2%:R)
    = \prod_i exp ((t * a i 0) ^+ 2 * v / 2%:R).
  rewrite -exp_sum; congr exp; rewrite /sqnorm /dot !mulr_sumr mulr_suml.
  by apply: eq_bigr => i _; move: (a i 0) => c; rewrite exprMn; ring.
apply: ler_prod => i _; rewrite sub andbT.
by rewrite divr_ge0 ?ler0n // sumr_ge0 // => o _; rewrite ltW ?exp_gt0.
Qed.

(** The tail bound, for any [w] that is at least the variance proxy. *)
Lemma tail X v w e : sub_gaussian X v -> v <= w -> 0 < w -> 0 <= e ->
  prob [pred o | e <= X o] <= exp (- (e ^+ 2 / (2%:R * w))).
Proof.
move=> sub vw w0 e0; pose t := e / w.
have t0 : 0 <= t by rewrite divr_ge0 // ltW.
apply: (@le_trans _ _ (exp (- (t * e)) * mean (fun o => exp (t * X o)))).
  rewrite -mean_scale probE; apply: mean_le => o /=.
  rewrite -expD; case: (leP e (X o)) => [eX | _]; last by rewrite ltW ?exp_gt0.
  rewrite -[1%:R]exp_0; apply: ler_exp.
  by rewrite addrC -mulrN -mulrDr mulr_ge0 // subr_ge0.
apply: (@le_trans _ _ (exp (- (t * e)) * exp (t ^+ 2 * w / 2%:R))).
  apply: ler_wpM2l; first by rewrite ltW ?exp_gt0.
  apply: (le_trans (sub t)); apply: ler_exp.
  by rewrite ler_wpM2r ?invr_ge0 ?ler0n // ler_wpM2l ?sqr_ge0.
rewrite -expD le_eqVlt; apply/orP; left; apply/eqP; congr exp.
by rewrite /t; field; rewrite gt_eqF.
Qed.

Lemma union (I : finType) (E : I -> pred Omega) :
  prob [pred o | [exists i, E i o]] <= \sum_i prob (E i).
Proof.
rewrite probE (eq_bigr (fun i => mean (fun o => (E i o)%:R))); last by move=> i _; rewrite probE.
rewrite -mean_sum; apply: mean_le => o /=; case: existsP => [[i Ei] | _].
  by rewrite (bigD1 i) //= Ei lerDl sumr_ge0 // => j _; rewrite ler0n.
by rewrite sumr_ge0 // => j _; rewrite ler0n.
Qed.

Lemma prob_setC (G : {set Omega}) : 1 - prob (mem (~: G)) = prob (mem G).
Proof.
suff <- : prob (mem G) + prob (mem (~: G)) = 1 by rewrite addrK.
rewrite /prob -mulrDl -natrD (_ : (#|mem G| + #|mem (~: G)|)%N = #|Omega|) ?divff ?gt_eqF //.
exact: cardsC.
Qed.
End Means.

(** Lemma 6 of the paper, for a design of full column rank: with [n] samples or more, every weight
    of the fitted noise is below [eps], except with probability at most [delta]. *)
Theorem Lemma_6 n p (Phi : 'M[R]_(n, p)) (eps delta sigma lambda_min : R)
    (Omega : finType) (xi : Omega -> 'cV[R]_n) :
  (0 < p)%N -> (0 < #|Omega|)%N -> 0 < eps -> 0 < delta < 1 -> 0 < sigma ->
  independent_entries xi -> (forall i, sub_gaussian (fun o => xi o i 0) (sigma ^+ 2)) ->
  full_column_rank Phi -> smallest_nonzero_eigenvalue (Sigma Phi) lambda_min ->
  2%:R * sigma ^+ 2 / (eps ^+ 2 * lambda_min) * ln (2%:R * p%:R / delta) <= n%:R ->
  exists G : {set Omega}, 1 - delta <= prob (mem G) /\
    forall o z, o \in G -> trained Phi (xi o) setT z -> forall i, `|z i 0| < eps.
Proof.
move=> p0 outcomes e0 /andP [d0 d1] s0 indep sub rank [l0 leig lmin] enough.
have pR : 0 < p%:R :> R by rewrite ltr0n.
have psd x : 0 <= dot x (Sigma Phi *m x).
  by rewrite Sigma_form mulr_ge0 ?invr_ge0 ?ler0n ?sqnorm_ge0.
have lpos : 0 < lambda_min.
  rewrite lt_neqAle eq_sym l0 /=; case: leig => x xn ex.
  by rewrite -(pmulr_lge0 _ (sqnorm_gt0 xn)) -dotZr -ex psd.
have arg1 : 1 < 2%:R * p%:R / delta.
  rewrite ltr_pdivlMr // mul1r (lt_le_trans d1) //.
  by rewrite -natrM ler1n muln_gt0.
have nR : 0 < n%:R :> R.
  apply: lt_le_trans enough; rewrite mulr_gt0 ?ln_gt0 // divr_gt0 ?mulr_gt0 ?exprn_gt0 ?ltr0n //.
have low x := form_low x rank (And3 l0 leig lmin).
pose bound : R := (n%:R * lambda_min)^-1.
have nl : 0 < n%:R * lambda_min by rewrite mulr_gt0.
(* the weight of the noise is <Phi g_i, xi>, with |Phi g_i|^2 <= bound *)
have rows i : exists a, sqnorm a <= bound /\
    forall o z, trained Phi (xi o) setT z -> z i 0 = dot a (xi o).
  have [g eg] := dual (delta_mx i 0) rank; exists (Phi *m g); split=> [|o z tz].
    have ga : sqnorm (Phi *m g) = g i 0 by rewrite /sqnorm adjoint eg dot_delta.
    have g0 : 0 <= g i 0 by rewrite -ga sqnorm_ge0.
    have := low g; rewrite ga => h.
    have h2 : n%:R * lambda_min * g i 0 ^+ 2 <= g i 0.
      by apply: le_trans h; rewrite ler_wpM2l ?sqr_le_sqnorm // ltW.
    move: g0; rewrite le_eqVlt => /orP [/eqP <- | gpos]; first by rewrite invr_ge0 ltW.
    rewrite /bound -[X in _ <= X]mul1r ler_pdivlMr // mulrC.
    by rewrite -(ler_pM2r _ _ gpos) mul1r -mulrA -expr2.
  have offT (j : 'I_p) (u : 'cV[R]_p) : j \notin setT -> u j 0 = 0 by rewrite inE.
  rewrite -(residual_eq tz (u := g)) => [|j]; last exact: offT.
  by rewrite dotC adjoint eg dot_delta.
have b0 : 0 < bound by rewrite invr_gt0.
have [a aP] := fin_all_exists rows.
pose signed (x : 'I_p * bool) : 'cV[R]_n := (if x.2 then 1 else -1) *: a x.1.
pose bad x := [pred o | eps <= dot (signed x) (xi o)].
pose G := ~: [set o | [exists x, bad x o]]; exists G; split.
  rewrite -prob_setC // setCK; apply: lerB => //.
  apply: le_trans (_ : \sum_x prob (bad x) <= _).
    apply: le_trans (union outcomes bad); rewrite /prob.
    by rewrite (eq_card (B := [pred o | [exists x, bad x o]])) // => o; rewrite !inE.
  apply: le_trans (_ : \sum_(x : 'I_p * bool) delta / (2%:R * p%:R) <= _); last first.
    rewrite sumr_const card_prod card_ord card_bool -mulr_natl natrM.
    by rewrite mulrC -mulrA (mulrC p%:R) mulVf ?mulr1 // gt_eqF // mulr_gt0 ?ltr0n.
  apply: ler_sum => x _.
  have sn : sigma ^+ 2 * sqnorm (signed x) <= sigma ^+ 2 * bound.
    rewrite ler_wpM2l ?sqr_ge0 // /signed sqnormZ.
    by case: x.2; rewrite ?sqrrN expr1n mul1r; have [] := aP x.1.
  have w0 : 0 < sigma ^+ 2 * bound by rewrite mulr_gt0 ?exprn_gt0.
  apply: (le_trans (tail outcomes (sub_gaussian_sum (signed x) indep sub) sn w0 (ltW e0))).
  have -> : delta / (2%:R * p%:R) = exp (- ln (2%:R * p%:R / delta)).
    by rewrite expN lnK ?invf_div // (lt_trans ltr01).
  apply: ler_exp; rewrite -subr_ge0 opprK addrC subr_ge0.
  have c0 : 0 < eps ^+ 2 / (2%:R * (sigma ^+ 2 * bound)).
    by rewrite divr_gt0 ?mulr_gt0 ?exprn_gt0 ?ltr0n.
  move: enough; rewrite -(ler_pM2l _ _ (_ : 0 < eps ^+ 2 * lambda_min / (2%:R * sigma ^+ 2))).
    rewrite mulrA.
    have -> : eps ^+ 2 * lambda_min / (2%:R * sigma ^+ 2) *
      (2%:R * sigma ^+ 2 / (eps ^+ 2 * lambda_min)) = 1.
      by field; rewrite !gt_eqF // exprn_gt0.
    rewrite mul1r => h; apply: le_trans h _; rewrite le_eqVlt /bound; apply/orP; left; apply/eqP.
    by field; rewrite !gt_eqF.
  by rewrite divr_gt0 ?mulr_gt0 ?exprn_gt0 ?ltr0n.
move=> o z; rewrite !inE negb_exists => /forallP good tz i.
have [_ zi] := aP i; rewrite (zi o z tz) ltr_norml.
have := good (i, true); have := good (i, false).
rewrite /bad /signed /= scale1r scaleN1r dotC dotNr (dotC (xi o)) -!ltNge => h1 h2.
by rewrite h2 andbT -subr_gt0 opprK addrC -[eps]opprK opprK -(opprK (dot _ _)) subr_gt0.
Qed.
