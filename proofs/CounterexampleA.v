(** Counterexample A and Proposition A (chapter 7) for fixed noise: the smallest eigenvalue, and
    which features are pruned. Probability comes in Refutation.v. *)
Require Import Base Euclid Algorithm1.

(** The four features. *)
Definition f1 : 'I_4 := @Ordinal 4 0 isT.
Definition f2 : 'I_4 := @Ordinal 4 1 isT.
Definition f3 : 'I_4 := @Ordinal 4 2 isT.
Definition f4 : 'I_4 := @Ordinal 4 3 isT.

Lemma ord4P (i : 'I_4) : [\/ i = f1, i = f2, i = f3 | i = f4].
Proof.
by case: i => [[|[|[|[|k]]]] h] //; [apply: Or41 | apply: Or42 | apply: Or43 | apply: Or44];
  apply: val_inj.
Qed.

(** The design and the signal of Proposition A. *)
Definition Phi_B (R : realFieldType) (B : R) : 'M[R]_4 := 2%:R *: matrix_of 4 4
  [:: [:: 1; - B;    0;    0];
      [:: 0;   1;    0;    0];
      [:: 0;   0; B^-1;    0];
      [:: 0;   0;    0; B^-1]].
Definition s_B (R : realFieldType) (B : R) : 'cV[R]_4 :=
  vector_of 4 [:: 1; B^-1; 0; 0].

Section PropositionA.
Variables (R : realFieldType) (B : R).
Hypothesis B1 : 1 < B.
Let Phi := Phi_B B.
Let Bgt0 : 0 < B := lt_trans ltr01 B1.
Let B0 : B != 0 := lt0r_neq0 Bgt0.

Lemma sum4 (F : 'I_4 -> R) : \sum_i F i = F f1 + F f2 + F f3 + F f4.
Proof.
rewrite !big_ord_recl big_ord0 addr0 !addrA.
by congr (F _ + F _ + F _ + F _); apply: val_inj.
Qed.

Ltac expand := rewrite /sqnorm /dot; repeat (rewrite !mxE /= || rewrite !sum4).

Lemma Phi_times (x : 'cV[R]_4) :
  Phi *m x = 2%:R *: vector_of 4 [:: x f1 0 - B * x f2 0; x f2 0; x f3 0 / B; x f4 0 / B].
Proof. by apply/colP => i; case: (ord4P i) => ->; expand; field. Qed.

Lemma support_B : support (s_B B) = [set f1; f2].
Proof.
by apply/setP => j; rewrite !inE mxE; case: (ord4P j) => -> /=;
  rewrite ?eqxx ?oner_eq0 ?invr_eq0 ?B0.
Qed.

(** The smallest eigenvalue is the smaller root of l^2 - (B^2 + 2) l + 1. *)
Lemma Phi_B_eigenvalue l : l ^+ 2 = (B ^+ 2 + 2%:R) * l - 1 -> 0 < l -> l <= B ^- 2 ->
  smallest_nonzero_eigenvalue (Sigma Phi) l /\ full_column_rank Phi.
Proof.
move=> el l0 l_thin.
have l1 : 0 < 1 - l.
  by rewrite subr_gt0 (le_lt_trans l_thin) // invf_lt1 ?exprn_gt0 // expr_gt1 // ltW.
have el0 : l ^+ 2 - (B ^+ 2 + 2%:R) * l + 1 = 0 by rewrite el; ring.
have low x : l * sqnorm x <= dot x (Sigma Phi *m x).
  rewrite -subr_ge0 (_ : _ - _ = (1 - l) * (x f1 0 - B / (1 - l) * x f2 0) ^+ 2
      + (B ^- 2 - l) * (x f3 0 ^+ 2 + x f4 0 ^+ 2)
      + (l ^+ 2 - (B ^+ 2 + 2%:R) * l + 1) / (1 - l) * x f2 0 ^+ 2).
    rewrite el0 !mul0r addr0; apply: addr_ge0; apply: mulr_ge0;
      by rewrite ?(ltW l1) ?subr_ge0 ?sqr_ge0 ?addr_ge0 ?sqr_ge0.
  by rewrite Sigma_form Phi_times; expand; field; rewrite B0 (lt0r_neq0 l1).
split; last first.
  move=> x x0; apply/eqP; apply: contraTT (low x) => /sqnorm_gt0 xn.
  by rewrite Sigma_form x0 [X in _ <= _ * X]dot0r mulr0 -ltNge mulr_gt0.
split=> [||mu _ [x xn ex]]; first exact: lt0r_neq0.
  exists (vector_of 4 [:: B; 1 - l; 0; 0]).
    by apply/eqP => /colP /(_ f1) /eqP; rewrite !mxE /= (negbTE B0).
  rewrite /Sigma -scalemxAl -mulmxA Phi_times.
  apply/colP => i; case: (ord4P i) => ->; expand; [field | | field | field]; rewrite ?B0 //.
  by apply/eqP; rewrite -subr_eq0 -[X in _ == X]el0; apply/eqP; field.
by rewrite -(ler_pM2r _ _ (sqnorm_gt0 xn)); have := low x; rewrite ex dotZr.
Qed.

(** *** The failure *)
Variables (sigma : R) (xi : 'cV[R]_4).
Implicit Types (A : {set 'I_4}) (w v : 'cV[R]_4).
Let y := Phi *m s_B B + xi.

(** The weights, up to multiples of the gradient, which vanishes on the active features. *)
Lemma weights w : let g j := (Phi^T *m (Phi *m w - y)) j 0 in
  [/\ w f1 0 = B * w f2 0 + xi f1 0 / 2%:R + g f1 / 4%:R,
      w f2 0 = B^-1 + xi f2 0 / 2%:R + (g f2 + B * g f1) / 4%:R,
      w f3 0 = B * xi f3 0 / 2%:R + (B / 2%:R) ^+ 2 * g f3
    & w f4 0 = B * xi f4 0 / 2%:R + (B / 2%:R) ^+ 2 * g f4].
Proof. by rewrite /y !Phi_times; split; expand; field. Qed.

Hypothesis coins : forall i, `|xi i 0| = sigma.
Hypothesis sigma_large : 2%:R / (B * (B - 1)) < sigma.

Let half (a : R) : `|a / 2%:R| = `|a| / 2%:R.
Proof. by rewrite normrM normfV normr_nat. Qed.

(** A feature below [B sigma / 2] is pruned before features 3 and 4. *)
Lemma pruned_earlier A w i j : trained Phi y A w -> smallest A w j -> i \in A ->
  `|w i 0| < B * sigma / 2%:R -> j = f1 \/ j = f2.
Proof.
move=> [_ g] [jA jmin] iA wi; have := le_lt_trans (jmin i iA) wi.
have [_ _ w3 w4] := weights w.
by case: (ord4P j) jA => -> jA; auto; rewrite ?w3 ?w4 g // mulr0 addr0 half normrM coins
  (gtr0_norm Bgt0) ltxx.
Qed.

Lemma weight_2 A w : f1 \in A -> f2 \in A -> trained Phi y A w ->
  w f2 0 = B^-1 + xi f2 0 / 2%:R /\ `|w f2 0| <= B^-1 + sigma / 2%:R.
Proof.
move=> A1 A2 [_ g]; have [_ -> _ _] := weights w; rewrite !g // mulr0 addr0 mul0r addr0.
by split=> //; rewrite -(coins f2) -half -{2}[B^-1]ger0_norm ?ler_normD // invr_ge0 ltW.
Qed.

Lemma first_pruned w j : trained Phi y setT w -> smallest setT w j -> j = f1 \/ j = f2.
Proof.
move=> tw sw; apply: (pruned_earlier (i := f2) tw sw); rewrite ?in_setT //.
have [_ /le_lt_trans -> //] := weight_2 (in_setT f1) (in_setT f2) tw.
move: sigma_large; rewrite ltr_pdivrMr ?mulr_gt0 ?subr_gt0 // => h.
rewrite -subr_gt0 (_ : _ - _ = (sigma * (B * (B - 1)) - 2%:R) / (2%:R * B)); last by field.
by rewrite divr_gt0 ?subr_gt0 // mulr_gt0 // ltr0n.
Qed.

Lemma second_pruned w j : trained Phi y (setT :\ f2) w -> smallest (setT :\ f2) w j -> j = f1.
Proof.
move=> tw sw; have [w2 g] := tw; have [w1 _ _ _] := weights w; have [jA _] := sw.
have [||//|e] := pruned_earlier (i := f1) tw sw; rewrite ?inE //.
  rewrite w1 g ?inE // w2 ?inE // mulr0 add0r mul0r addr0 half coins.
  rewrite ltr_pM2r ?invr_gt0 ?ltr0n // ltr_pMl //.
  by apply: lt_trans sigma_large; rewrite divr_gt0 ?mulr_gt0 ?subr_gt0 ?ltr0n.
by move: jA; rewrite e !inE.
Qed.

(** However ties are broken, feature 1 is not among the two left after two prunings. *)
Lemma feature_1_lost A v : run Phi y 2 A v -> v f1 0 = 0.
Proof.
move=> r; have [+ _] := run_trained r; apply.
inversion r as [| k A1 w1 j1 v' r1 small1 tv]; subst.
inversion r1 as [| k A0 w0 j0 w1' r0 small0 tw1]; subst.
inversion r0 as [w0' tw0 |]; subst.
case: (first_pruned tw0 small0) => ej; subst; first by rewrite !inE andbF.
by rewrite (second_pruned tw1 small1) !inE.
Qed.

(** If sigma is not too large either, feature 2 is pruned first, then feature 1. *)
Hypothesis sigma_small : (B + 2%:R) * sigma / 2%:R + B^-1 < 1.

Lemma feature_2_first w j : trained Phi y setT w -> smallest setT w j -> j = f2.
Proof.
move=> tw sw; have [ej | //] := first_pruned tw sw; exfalso.
move: sw => [_ /(_ f2 (in_setT _))]; rewrite ej leNgt => /negP; apply.
have [w2 le2] := weight_2 (in_setT f1) (in_setT f2) tw; apply: (le_lt_trans le2).
have [-> _ _ _] := weights w; have [_ g] := tw; rewrite g ?inE // mul0r addr0 w2.
have -> : B * (B^-1 + xi f2 0 / 2%:R) + xi f1 0 / 2%:R
    = 1 + (B * xi f2 0 / 2%:R + xi f1 0 / 2%:R) by field.
apply: lt_le_trans (lerB_normD _ _); rewrite normr1.
apply: (@lt_le_trans _ _ (1 - (B * sigma / 2%:R + sigma / 2%:R))).
  by rewrite ltrBrDr; apply: le_lt_trans sigma_small; rewrite le_eqVlt; apply/orP; left;
    apply/eqP; field.
rewrite lerB // (le_trans (ler_normD _ _)) // !half normrM !coins (gtr0_norm Bgt0) //.
Qed.

Lemma order_of_pruning :
  (forall A w, run Phi y 1 A w -> A = [set f1; f3; f4]) /\
  (forall A v, run Phi y 2 A v -> A = [set f3; f4]).
Proof.
have one A w : run Phi y 1 A w -> A = setT :\ f2.
  move=> r; inversion r as [| k A0 w0 j0 w' r0 small0 tw]; subst.
  by inversion r0 as [w0' tw0 |]; subst; rewrite (feature_2_first tw0 small0).
split=> [A w /one -> | A v r].
  by apply/setP => j; rewrite !inE; case: (ord4P j) => ->.
inversion r as [| k A1 w1 j1 v' r1 small1 tv]; subst.
have e := one _ _ r1; subst; rewrite (second_pruned (run_trained r1) small1).
by apply/setP => j; rewrite !inE; case: (ord4P j) => ->.
Qed.
End PropositionA.

(** ** Counterexample A, with the book's numbers *)

(** The design [Phi], the signal [s], with [gamma = 1], and the size [sigma] of the noise. *)
Definition PhiA (R : realFieldType) : 'M[R]_4 := 2%:R *: matrix_of 4 4
  [:: [:: 1; - 10%:R;         0;         0];
      [:: 0;       1;         0;         0];
      [:: 0;       0; 10%:R^-1;         0];
      [:: 0;       0;         0; 10%:R^-1]].
Definition sA (R : realFieldType) : 'cV[R]_4 :=
  vector_of 4 [:: 1; 10%:R^-1; 0; 0].
Definition sigmaA (R : realFieldType) : R := 3%:R / 100%:R.
Arguments PhiA {R}.
Arguments sA {R}.
Arguments sigmaA {R}.

Lemma A_large (R : realFieldType) : 2%:R / (10%:R * (10%:R - 1)) < sigmaA :> R.
Proof.
rewrite -subr_gt0 /sigmaA (_ : _ - _ = 7%:R / 900%:R :> R) ?divr_gt0 ?ltr0n //.
by rewrite (_ : 10%:R - 1 = 9%:R); [field | ring].
Qed.

(** One of the 16 outcomes of the noise: every entry is [sigma] or [- sigma]. *)
Definition coins_A (R : realFieldType) (xi : 'cV[R]_4) : Prop :=
  forall i, xi i 0 = sigmaA \/ xi i 0 = - sigmaA.

(** Whatever the coins show and however ties are broken: after one pruning the features 1, 3 and 4
    are left, after two 3 and 4. *)
Theorem A_order (R : realFieldType) (xi : 'cV[R]_4) : coins_A xi ->
  (forall A w, run PhiA (PhiA *m sA + xi) 1 A w -> A = [set f1; f3; f4]) /\
  (forall A v, run PhiA (PhiA *m sA + xi) 2 A v -> A = [set f3; f4]).
Proof.
move=> coins; apply: (@order_of_pruning R 10%:R _ sigmaA xi _ (A_large R)).
- by rewrite ltr1n.
- by move=> i; case: (coins i) => ->; rewrite ?normrN gtr0_norm // divr_gt0 ?ltr0n.
rewrite -subr_gt0 /sigmaA (_ : _ - _ = 18%:R / 25%:R :> R) ?divr_gt0 ?ltr0n //; by field.
Qed.
