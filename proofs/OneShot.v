(** The positive control: Lemma 6 of the paper, and with it the one-shot theorem, under the
    hypotheses of Theorem 5. *)
Require Import Base RealNumbers Euclid Algorithm1 Definition4 Theorem5 Eigenvalues.

Section Means.
Variable Omega : finType.
Hypothesis outcomes : (0 < #|Omega|)%N.
Implicit Types (X Y : Omega -> R).

Let N0 : 0 < #|Omega|%:R :> R. Proof. by rewrite ltr0n. Qed.

Lemma mean_le X Y : (forall o, X o <= Y o) -> mean X <= mean Y.
Proof. by move=> h; rewrite ler_pM2r ?invr_gt0 // ler_sum. Qed.

Lemma mean_scale a X : mean (fun o => a * X o) = a * mean X.
Proof. by rewrite /mean -mulr_sumr mulrA. Qed.

(** A sum of independent sub-Gaussian variables is sub-Gaussian. *)
Lemma sub_gaussian_sum n (xi : Omega -> 'cV[R]_n) (v : R) (a : 'cV[R]_n) :
  independent_entries xi -> (forall i, sub_gaussian (fun o => xi o i 0) v) ->
  sub_gaussian (fun o => dot a (xi o)) (v * sqnorm a).
Proof.
move=> indep sub t.
rewrite (eq_mean (Y := fun o => \prod_i exp (t * a i 0 * xi o i 0))); last first.
  move=> o; rewrite -exp_sum; congr exp; rewrite /dot mulr_sumr.
  by apply: eq_bigr => i _; rewrite mulrA.
rewrite (indep (fun i x => exp (t * a i 0 * x))).
have -> : exp (t ^+ 2 * (v * sqnorm a) / 2%:R)
    = \prod_i exp ((t * a i 0) ^+ 2 * v / 2%:R).
  rewrite -exp_sum; congr exp; rewrite /sqnorm /dot !mulr_sumr mulr_suml.
  by apply: eq_bigr => i _; move: (a i 0) => c; rewrite exprMn; ring.
apply: ler_prod => i _; rewrite sub andbT.
by rewrite divr_ge0 ?ler0n // sumr_ge0 // => o _; rewrite ltW ?exp_gt0.
Qed.

(** The tail bound and the union bound in one: all variables are below [e], except with a
    probability of at most [exp (- e^2 / (2 w))] for each. *)
Lemma all_below (I : finType) (X : I -> Omega -> R) (w e : R) : 0 < w -> 0 <= e ->
  (forall x, exists2 v, v <= w & sub_gaussian (X x) v) ->
  1 - #|I|%:R * exp (- (e ^+ 2 / (2%:R * w))) <= prob [set o | [forall x, X x o < e]].
Proof.
move=> w0 e0 sub; set G := [set _ | _]; pose t := e / w.
have t0 : 0 <= t by rewrite divr_ge0 // ltW.
have one : 1 <= mean (fun o => (o \in G)%:R + \sum_x exp (- (t * e)) * exp (t * X x o)).
  have {1}<- : mean (fun _ : Omega => 1) = 1 by rewrite /mean sumr_const divff ?gt_eqF.
  have e_ge0 o x : 0 <= exp (- (t * e)) * exp (t * X x o) by rewrite mulr_ge0 ?ltW ?exp_gt0.
  apply: mean_le => o; case: (boolP (o \in G)); first by rewrite lerDl sumr_ge0.
  rewrite inE negb_forall => /existsP [x]; rewrite -leNgt => eX.
  rewrite add0r (bigD1 x) //= ler_wpDr ?sumr_ge0 //.
  by rewrite -expD -{1}(exp_0 : exp 0 = 1) ler_exp // addrC -mulrN -mulrDr mulr_ge0 // subr_ge0.
rewrite lerBlDr; apply: le_trans one _.
rewrite /mean big_split mulrDl; apply: lerD.
  rewrite ler_pM2r ?invr_gt0 // -sum1_card natr_sum [X in _ <= X]big_mkcond.
  by apply: ler_sum => o _; case: (o \in G).
rewrite /= exchange_big mulr_suml [X in _ <= X](_ : _ = \sum_(x : I) exp (- (e ^+ 2 / (2%:R * w))));
  last by rewrite sumr_const mulr_natl.
apply: ler_sum => x _; have [v vw subx] := sub x.
rewrite -[X in X <= _]/(mean _) mean_scale.
apply: (@le_trans _ _ (exp (- (t * e)) * exp (t ^+ 2 * w / 2%:R))).
  apply: ler_wpM2l; first by rewrite ltW ?exp_gt0.
  apply: (le_trans (subx t)); apply: ler_exp.
  by rewrite ler_wpM2r ?invr_ge0 ?ler0n // ler_wpM2l ?sqr_ge0.
rewrite -expD le_eqVlt; apply/orP; left; apply/eqP; congr exp.
by rewrite /t; field; rewrite gt_eqF.
Qed.
End Means.

(** Lemma 6 of the paper, for a design of full column rank: with [n] samples or more, every weight
    of the fitted noise is below [eps], except with probability at most [delta]. *)
Theorem Lemma_6 n p (Phi : 'M[R]_(n, p)) (eps delta sigma lambda_min : R)
    (Omega : finType) (xi : Omega -> 'cV[R]_n) :
  (0 < p)%N -> (0 < #|Omega|)%N -> 0 < eps -> 0 < delta < 1 -> 0 < sigma ->
  independent_entries xi ->
  (forall i, sub_gaussian (fun o => xi o i 0) (sigma ^+ 2)) ->
  full_column_rank Phi -> smallest_nonzero_eigenvalue (Sigma Phi) lambda_min ->
  2%:R * sigma ^+ 2 / (eps ^+ 2 * lambda_min)
  * ln (2%:R * p%:R / delta) <= n%:R ->
  exists G : {set Omega}, 1 - delta <= prob G /\
    forall o z, o \in G -> trained Phi (xi o) setT z ->
      forall i, `|z i 0| < eps.
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
have w0 : 0 < sigma ^+ 2 * bound by rewrite mulr_gt0 ?exprn_gt0.
exists [set o | [forall x, dot (signed x) (xi o) < eps]]; split.
  apply: le_trans (all_below outcomes w0 (ltW e0) _) => [|x]; last first.
    exists (sigma ^+ 2 * sqnorm (signed x)); last exact: sub_gaussian_sum.
    rewrite ler_wpM2l ?sqr_ge0 // sqnormZ.
    by case: x.2; rewrite ?sqrrN expr1n mul1r; have [] := aP x.1.
  rewrite lerB // card_prod card_ord card_bool mulnC natrM mulrC -ler_pdivlMr ?mulr_gt0 ?ltr0n //.
  have -> : delta / (2%:R * p%:R) = exp (- ln (2%:R * p%:R / delta)).
    by rewrite expN lnK ?invf_div // (lt_trans ltr01).
  apply: ler_exp; rewrite -subr_ge0 opprK addrC subr_ge0; move: enough; set L := ln _ => enough.
  have -> : L = eps ^+ 2 * lambda_min / (2%:R * sigma ^+ 2)
      * (2%:R * sigma ^+ 2 / (eps ^+ 2 * lambda_min) * L) by field; rewrite !gt_eqF.
  have -> : eps ^+ 2 / (2%:R * (sigma ^+ 2 * bound))
    = eps ^+ 2 * lambda_min / (2%:R * sigma ^+ 2) * n%:R by rewrite /bound; field; rewrite !gt_eqF.
  by apply: ler_wpM2l enough; rewrite divr_ge0 ?mulr_ge0 ?sqr_ge0 ?ler0n // ltW.
move=> o z; rewrite inE => /forallP good tz i; have [_ zi] := aP i.
rewrite (zi o z tz) ltr_norml; have := good (i, true); have := good (i, false).
rewrite /signed /= scale1r scaleN1r dotC dotNr dotC => h ->.
by rewrite andbT -subr_gt0 opprK addrC -[dot _ _]opprK subr_gt0.
Qed.

(** If every weight is within [gamma/2] of the signal, no large signal has one of the [q] smallest
    weights. *)
Lemma close_enough p (s w : 'cV[R]_p) (gamma : R) (Q : {set 'I_p}) :
  (forall j, `|w j 0 - s j 0| < gamma / 2%:R) ->
  smallest_weights w Q -> (#|Q| <= p - #|support s|)%N ->
  forall i, gamma <= `|s i 0| -> i \notin Q /\ gamma / 2%:R < `|w i 0|.
Proof.
move=> close small card_Q i large.
have wi := stays_large large (close i).
split=> //; apply/negP => iQ.
have s_i : s i 0 != 0.
  rewrite -normr_gt0; apply: lt_le_trans large.
  have := le_lt_trans (normr_ge0 _) (close i).
  by rewrite pmulr_lgt0 ?invr_gt0 ?ltr0n.
have nulls j : j \notin support s -> j \in Q.
  rewrite inE negbK => /eqP sj0; apply/negPn/negP => jQ.
  have := lt_le_trans wi (small i j iQ jQ).
  by move=> /ltW; rewrite leNgt -[w j 0]subr0 -sj0 close.
have sub : i |: ~: support s \subset Q.
  by apply/subsetP => j; rewrite !inE => /orP [/eqP -> // | h]; apply: nulls; rewrite inE.
have := leq_trans (subset_leq_card sub) card_Q.
by rewrite cardsU1 !inE negbK s_i /= cardsCs setCK card_ord add1n ltnn.
Qed.

(** The hypotheses that the refutation meets are enough for pruning once, at the printed [n]. *)
Theorem one_shot_holds (delta : R) : one_shot_theorem delta.
Proof.
move=> n p Phi s gamma sigma lambda_min q Omega xi [g0 d01 s0 S0 out indep _ tails def4 eig qk enough].
have p0 : (0 < p)%N by case/set0Pn: S0 => i _; apply: leq_ltn_trans (ltn_ord i).
have e0 : 0 < gamma / 2%:R by rewrite divr_gt0 ?ltr0n.
have rank : full_column_rank Phi by apply/(definition_4_is_full_column_rank Phi S0).
have enough' : 2%:R * sigma ^+ 2 / ((gamma / 2%:R) ^+ 2 * lambda_min)
    * ln (2%:R * p%:R / delta) <= n%:R.
  apply: le_trans enough; rewrite le_eqVlt; apply/orP; left; apply/eqP; congr (_ * _).
  by case: eig => l0 _ _; field; rewrite l0 gt_eqF.
have [G [G1 good]] := Lemma_6 p0 out e0 d01 s0 indep tails rank eig enough'.
exists G; split=> // o w Q oG tw small cQ; apply: close_enough small _ => [j|]; last by rewrite cQ.
have -> : w j 0 - s j 0 = (w - s) j 0 by rewrite !mxE.
apply: good oG _ j; apply/trained_noise => // i; by rewrite inE.
Qed.
